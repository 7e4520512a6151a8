import { parseArgs } from 'node:util';

/** Bad usage: told to the user in one line, exit code 2. */
export class UsageError extends Error {}

/** The words that `podhop` knows, as CLI.md lists them. */
export const COMMANDS = ['trace', 'reach', 'rules', 'check', 'diff', 'validate', 'exposure', 'coverage'] as const;
export type CommandName = (typeof COMMANDS)[number];

const options = {
  file: { type: 'string', short: 'f', multiple: true },
  from: { type: 'string' },
  at: { type: 'string' },
  to: { type: 'string' },
  port: { type: 'string' },
  protocol: { type: 'string' },
  http: { type: 'string' },
  requests: { type: 'string' },
  probes: { type: 'string' },
  node: { type: 'string' },
  all: { type: 'boolean' },
  format: { type: 'string' },
  family: { type: 'string' },
  reporter: { type: 'string' },
  'write-golden': { type: 'boolean' },
  ports: { type: 'string' },
  'ip-block': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const common = ['file', 'json', 'help', 'version'] as const;
const allowed: Record<CommandName, readonly string[]> = {
  trace: [...common, 'from', 'at', 'to', 'port', 'protocol', 'http', 'requests', 'probes'],
  reach: [...common, 'ports', 'ip-block'],
  rules: [...common, 'node', 'all', 'format', 'family', 'probes'],
  check: ['reporter', 'write-golden', 'help', 'version'],
  diff: [...common],
  validate: [...common],
  exposure: [...common],
  coverage: [...common, 'probes', 'node', 'all'],
};

export interface Args {
  readonly command: CommandName | null;
  readonly values: ReturnType<typeof parse>['values'];
  readonly positionals: readonly string[];
}

const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });

/** Reads the command line; throws UsageError on anything it does not know. */
export function readArgs(argv: readonly string[]): Args {
  let result: ReturnType<typeof parse>;
  try {
    result = parse(argv);
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message.split('. ')[0]! : String(thrown));
  }
  const [first, ...positionals] = result.positionals;
  const command = COMMANDS.find((name) => name === first) ?? null;
  if (first !== undefined && command === null) throw new UsageError(`unknown command "${first}"; commands are ${COMMANDS.join(', ')}`);
  if (command !== null) {
    const wrong = Object.keys(result.values).find((name) => !allowed[command].includes(name));
    if (wrong !== undefined) throw new UsageError(`"${command}" has no option --${wrong}`);
    if (command === 'exposure' && positionals.length !== 1) throw new UsageError('exposure needs one pod or workload: podhop exposure -f PATH… pod/NS/NAME');
    if (command !== 'check' && command !== 'exposure' && positionals.length > 0) throw new UsageError(`"${command}" takes no "${positionals[0]}"; name inputs with -f`);
  }
  return { command, values: result.values, positionals };
}

/** One of a closed list of words, or UsageError. */
export function oneOf<const T extends string>(value: string, words: readonly T[], option: string): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`--${option} is one of ${words.join(', ')}, not "${value}"`);
  return found;
}

/** A number of requests from 1 to 1000, or UsageError. */
export function requestsOf(value: string): number {
  const requests = Number(value);
  if (!/^\d{1,4}$/.test(value) || requests < 1 || requests > 1000) throw new UsageError(`--requests is a number from 1 to 1000, not "${value}"`);
  return requests;
}

/** A port number 0–65535, or UsageError. */
export function portOf(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65535) throw new UsageError(`--port is a number up to 65535, not "${value}"`);
  return port;
}
