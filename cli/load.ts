import type { Opened } from '../shared/api/shapes.ts';
import type { Problem } from '../shared/base/problem.ts';
import { createSandbox, type Sandbox } from '../shared/sandbox/create-sandbox.ts';
import { UsageError } from './args.ts';
import { complainOf } from './output.ts';
import { readInputs } from './read-inputs.ts';

export interface Loaded { readonly sandbox: Sandbox; readonly opened: Opened; readonly problems: readonly Problem[] }

/** Nothing could be read: exit code 2. */
export class NothingRead extends Error {}

/** Opens what `-f` names in a sandbox of its own; `quiet` leaves the problems to the caller. */
export async function load(files: readonly string[] | undefined, quiet = false): Promise<Loaded> {
  if (!files || files.length === 0) throw new UsageError('name manifests with -f PATH');
  const inputs = readInputs(files);
  const sandbox = createSandbox();
  const opened = await sandbox.open({ documents: inputs.documents, title: files.join(' ') });
  const problems = [...inputs.problems, ...opened.problems];
  if (!quiet) complainOf(problems, opened.problemsOmitted);
  const objects = Object.values(opened.counts).reduce((sum, n) => sum + n, 0);
  if (objects === 0 && problems.some((p) => p.severity === 'error')) throw new NothingRead('nothing could be read');
  return { sandbox, opened, problems };
}
