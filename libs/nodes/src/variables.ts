import { hexBytes, optionalVariable, text, variable, wholeNumber } from '#runtime'

/** What the environment says of the nodes; gateway and core must be told the same. */
export const nodeVariables = {
  clusterSecret: optionalVariable(
    'SOTTO_CLUSTER_SECRET',
    hexBytes(32),
    'Secret from which the keys of all own nodes follow, 64 hex digits, the same at every replica; made on first start in the data directory.',
    { secret: true },
  ),
  nodePortBase: variable(
    'SOTTO_NODE_PORT_BASE',
    wholeNumber(1, 65_535),
    'TLS port of the first node; the others follow.',
    {
      fallback: '22100',
    },
  ),
  nodeCount: variable('SOTTO_NODE_COUNT', wholeNumber(1, 255), 'Number of own nodes; clients want at least 12.', {
    fallback: '12',
  }),
  swarmSize: variable(
    'SOTTO_SWARM_SIZE',
    wholeNumber(1, 255),
    'Least number of nodes of a swarm; clients want at least 3.',
    {
      fallback: '3',
    },
  ),
  nodesFile: optionalVariable(
    'SOTTO_NODES_FILE',
    text(),
    'File with the nodes of other operators, in the form of /.well-known/sotto.json.',
  ),
} as const
