import 'reflect-metadata'
import { runMain } from '#runtime'
import { startGatewayProcess } from './process.ts'

await runMain(() => startGatewayProcess(process.env))
