import type { TextDocument } from '../../shared/api/shapes.ts';
import type { ScenarioHead } from './scenario-head.ts';

/** One lesson as the picker shows it, with all it takes to open it. */
export interface LibraryScenario extends Omit<ScenarioHead, 'manifests'> { readonly documents: readonly TextDocument[] }

// the build reads the scenarios (vite.config.ts, scenarioHeads); their manifests come as they are written
const heads = import.meta.glob<ScenarioHead | null>('../../scenarios/*/scenario.yaml', { query: '?head', import: 'default', eager: true });
const texts = import.meta.glob<string>(['../../scenarios/*/**/*.yaml', '!../../scenarios/*/scenario.yaml'], { query: '?raw', import: 'default', eager: true });

/** Every built-in scenario, in the course's order. */
export function listScenarios(): readonly LibraryScenario[] {
  return Object.entries(heads)
    .flatMap(([path, head]) => {
      if (head === null) return [];
      const { manifests, ...shown } = head;
      const documents = manifests.flatMap((name) => {
        const text = texts[path.replace(/scenario\.yaml$/, name)];
        return text === undefined ? [] : [{ name, text }];
      });
      return { ...shown, documents };
    })
    .toSorted((a, b) => a.order - b.order);
}
