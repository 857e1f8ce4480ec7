import { type DynamicModule, Module } from '@nestjs/common'
import { type Discovery, DISCOVERY, DiscoveryController } from './discovery/discovery.controller.ts'
import type { SeedMethod } from './seed/json-rpc.ts'
import { SEED_METHODS, SeedController } from './seed/seed.controller.ts'

export interface GatewayModuleOptions {
  readonly seedMethods: ReadonlyMap<string, SeedMethod>
  readonly discovery: Discovery
}

/** What the gateway serves on its HTTP port through Nest: seed and discovery. The nodes have doors of their own. */
@Module({})
export class GatewayModule {
  static register({ seedMethods, discovery }: GatewayModuleOptions): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [SeedController, DiscoveryController],
      providers: [
        { provide: SEED_METHODS, useValue: seedMethods },
        { provide: DISCOVERY, useValue: discovery },
      ],
    }
  }
}
