import { cryptoSuite } from '../crypto.suite.ts'
import { portableCrypto } from './index.ts'

cryptoSuite(portableCrypto)
