import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TextDocument } from '../shared/api/shapes.ts';
import { bareDocuments, goldenDifferences, printBareGolden, printGolden, type NodeListing } from '../shared/scenario/golden-text.ts';
import { nodesInStates, type Bench } from '../shared/scenario/run-scenario.ts';
import type { ExpectationResult, Scenario } from '../shared/scenario/types.ts';

/** Golden texts of the scenarios of one run: compared, or written where that was asked for. */
export interface Goldens {
  /** One result per datapath of a scenario that has a folder `golden`; none where it has none and nothing is to be written. */
  of(scenario: Scenario, folder: string, documents: readonly TextDocument[]): Promise<readonly ExpectationResult[]>;
  /** One result per datapath met, for the cluster with one pod and nothing else that the scenarios' texts refer to. */
  bare(): readonly ExpectationResult[];
}

const result = (datapath: string, name: string, detail: string): ExpectationResult => ({ name, variant: 'as-given', datapath, passed: detail === '', detail });

/** Goldens that are compared with what `bench` compiles, or written from it: `write` is asked for by a person, never by CI. */
export function createGoldens(bench: Bench, write: boolean): Goldens {
  const bareNodes = new Map<string, readonly NodeListing[]>();
  const bareFolders = new Map<string, string>();

  /** '' where the file holds the text, else how it differs. */
  function settle(file: string, text: string): string {
    if (write) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      return '';
    }
    if (!existsSync(file)) return `there is no ${file}; podhop check --write-golden writes it, to be read before it is kept`;
    return goldenDifferences(readFileSync(file, 'utf8'), text).join('\n');
  }

  async function bareOf(datapath: string): Promise<readonly NodeListing[]> {
    let nodes = bareNodes.get(datapath);
    if (nodes === undefined) {
      await bench.load(bareDocuments, datapath, []);
      bareNodes.set(datapath, nodes = await bench.nodes());
    }
    return nodes;
  }

  return {
    of: async (scenario, folder, documents) => {
      const golden = path.join(folder, 'golden');
      if (scenario.datapaths.length === 0 || (!write && !existsSync(golden))) return [];
      const results: ExpectationResult[] = [];
      for (const datapath of scenario.datapaths) {
        const bare = await bareOf(datapath);
        bareFolders.set(`${datapath} ${path.dirname(folder)}`, datapath);
        const text = printGolden(path.basename(folder), datapath, await nodesInStates(scenario, documents, datapath, bench), bare);
        results.push(result(datapath, 'the rules are the golden ones', settle(path.join(golden, `${datapath}.txt`), text)));
      }
      const strangers = readdirSync(golden).filter((file) => !scenario.datapaths.includes(file.replace(/\.txt$/, '')));
      return strangers.length === 0 ? results : [...results, result('', 'every golden text is of a datapath', `${strangers.join(', ')} in ${golden} belongs to none of its datapaths`)];
    },
    bare: () => [...bareFolders].map(([key, datapath]) =>
      result(datapath, 'the rules are the golden ones', settle(path.join(key.slice(datapath.length + 1), 'golden', `${datapath}.txt`), printBareGolden(datapath, bareNodes.get(datapath)!)))),
  };
}
