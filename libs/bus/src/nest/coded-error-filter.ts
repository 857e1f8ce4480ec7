import { Catch, type RpcExceptionFilter } from '@nestjs/common'
import { throwError, type Observable } from 'rxjs'

/**
 * Hands a handler's error to the bus server as it is. Nest's own filter would replace it by a text and lose the code, and would
 * print the whole error, which may name a user.
 */
@Catch()
export class CodedErrorFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}
