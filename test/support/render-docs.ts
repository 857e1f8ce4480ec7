/** The documents that are written from the source: one place for the command that writes them and the test that compares them. */
import { ATTACHMENTS_VARIABLES } from '../../apps/attachments/src/config/variables.ts'
import { PUSH_VARIABLES } from '../../apps/push/src/config/variables.ts'
import { CORE_VARIABLES } from '../../apps/core/src/config/variables.ts'
import { gatewayVariables } from '../../apps/gateway/src/config/variables.ts'
import { nodeVariables } from '../../libs/nodes/src/variables.ts'
import { configurationTable } from '../../libs/runtime/src/config/configuration-table.ts'
import {
  natsVariables,
  processVariables,
  redisVariables,
  sharedVariables,
} from '../../libs/runtime/src/config/shared-variables.ts'
import type { Variables } from '../../libs/runtime/src/config/variables.ts'
import { ERROR_CATALOGUE } from '../../libs/runtime/src/errors/catalogue.ts'

const GENERATED = '<!-- Written by `npm run docs`; change the source and run it again. -->'

/** Rows stay one line each, so that a change of one entry is a change of one line. */
function table(...lines: readonly string[]): readonly string[] {
  return ['<!-- prettier-ignore-start -->', ...lines, '<!-- prettier-ignore-end -->', '']
}

function renderErrors(): string {
  const rows = Object.entries(ERROR_CATALOGUE)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, retryable, meaning }]) =>
        `| \`${code}\` | ${status === 0 ? '–' : status} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
    )
  return [
    '# Errors',
    '',
    GENERATED,
    '',
    'Every error has a stable code. Log lines carry the code and never the message. A dash for the status: the error ends a start, or stays within a',
    'process. “Retry” says whether the same request may succeed later.',
    '',
    ...table('| code | HTTP | retry | meaning |', '|---|---|---|---|', ...rows),
  ].join('\n')
}

/** The declarations that a service does not share with others. */
function own(variables: Variables): Variables {
  const shared = { ...sharedVariables, ...nodeVariables, ...redisVariables }
  return Object.fromEntries(Object.entries(variables).filter(([key]) => !(key in shared)))
}

const SECTIONS: readonly { readonly title: string; readonly sets: readonly Variables[] }[] = [
  { title: 'Every process', sets: [sharedVariables, processVariables] },
  { title: 'Services as processes of their own', sets: [natsVariables] },
  { title: 'Nodes: gateway and core', sets: [nodeVariables] },
  { title: 'State outside of the data directory', sets: [redisVariables] },
  { title: 'Gateway', sets: [own(gatewayVariables)] },
  { title: 'Core', sets: [own(CORE_VARIABLES)] },
  { title: 'Attachments', sets: [own(ATTACHMENTS_VARIABLES)] },
  { title: 'Push', sets: [own(PUSH_VARIABLES)] },
]

/** One set of declarations; the keys are made distinct, so that none replaces another. */
function merged(sets: readonly Variables[]): Variables {
  return Object.fromEntries(
    sets.flatMap((set, index) => Object.entries(set).map(([key, value]) => [`${index}.${key}`, value])),
  )
}

function renderConfiguration(): string {
  const sections = SECTIONS.flatMap(({ title, sets }) => [
    `## ${title}`,
    '',
    ...table(configurationTable(merged(sets))),
  ])
  return [
    '# Configuration',
    '',
    GENERATED,
    '',
    'Settings are environment variables. An empty variable counts as not set. Where a `_FILE` form is named, the value may lie in a file instead. All',
    'problems are reported at once, and a start with problems ends with code 1. The standalone reads the settings of every service.',
    '',
    ...sections,
  ].join('\n')
}

/** Path from the root of the repository → text. */
export function renderDocs(): Readonly<Record<string, string>> {
  return { 'docs/errors.md': renderErrors(), 'docs/configuration.md': renderConfiguration() }
}
