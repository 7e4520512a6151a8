import type { Probe } from '../shared/trace/types.ts';

// What a shell would take apart is put in single quotes.
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The command that asks this question of these inputs: `podhop trace -f … --from … --to …`. */
export function traceCall(files: readonly string[], { from, at, to, port, protocol, http }: Probe): string {
  const option = (name: string, value: string | number | undefined): readonly string[] => (value === undefined ? [] : [`--${name}`, quoted(String(value))]);
  return ['podhop trace', ...files.flatMap((file) => ['-f', quoted(file)]), ...option('from', from), ...option('at', at), ...option('to', to), ...option('port', port), ...(protocol === undefined || protocol === 'tcp' ? [] : option('protocol', protocol)), ...option('http', http?.url)].join(' ');
}
