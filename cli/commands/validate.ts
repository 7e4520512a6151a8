import { readInputs } from '../read-inputs.ts';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { UsageError, type Args } from '../args.ts';
import { complainOf, print, printJson } from '../output.ts';

/** `podhop validate`: reads everything, lists every problem. 1 if any is an error, 2 if nothing could be read. */
export async function validate({ values }: Args): Promise<number> {
  if (!values.file?.length) throw new UsageError('name manifests with -f PATH');
  const inputs = readInputs(values.file);
  const opened = await createSandbox().open({ documents: inputs.documents, title: '' });
  const problems = [...inputs.problems, ...opened.problems];
  const objects = Object.values(opened.counts).reduce((sum, n) => sum + n, 0);
  const errors = problems.filter((p) => p.severity === 'error').length + opened.problemsOmitted;
  if (values.json) {
    printJson({ objects, counts: opened.counts, notSimulated: opened.cluster.notSimulated, problems, problemsOmitted: opened.problemsOmitted });
  } else {
    complainOf(problems, opened.problemsOmitted);
    const kinds = Object.entries(opened.counts).map(([kind, n]) => `${n} ${kind}`).join(', ');
    print(`${objects} objects (${kinds}), ${errors} errors, ${problems.filter((p) => p.severity === 'warning').length} warnings`);
    const opaque = [...new Set(opened.cluster.notSimulated.map((o) => o.ref.kind))];
    if (opaque.length > 0) print(`not simulated: ${opaque.join(', ')}`);
  }
  if (objects === 0 && inputs.documents.length === 0) return 2;
  return errors > 0 ? 1 : 0;
}
