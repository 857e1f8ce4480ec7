import { cryptoSuite } from '../crypto.suite.ts'
import { nativeCrypto } from './index.ts'

cryptoSuite(nativeCrypto)
