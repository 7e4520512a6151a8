import os from 'node:os';
import { canvasBenches } from './canvas.ts';
import { editBenches } from './edit.ts';
import { engineBenches } from './engine.ts';
import { l7Benches } from './l7.ts';
import { memoryBenches } from './memory.ts';
import { printRows } from './measure.ts';
import { reachBenches } from './reach.ts';

const benches = { ...engineBenches, ...reachBenches, ...editBenches, ...l7Benches, ...canvasBenches, ...memoryBenches };

/** Prints every figure, or those whose names the command line has. Ratios are of one run; the machine stands above them. */
async function main(names: readonly string[]): Promise<void> {
  console.log(`${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.version}\n`);
  for (const [name, run] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`# ${name}`);
    console.log(`${printRows(await run())}\n`);
  }
}

await main(process.argv.slice(2));
