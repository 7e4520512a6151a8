import { create } from 'zustand';
import type { LibraryScenario } from '../host/scenario-library.ts';
import { toRequest } from './request-words.ts';
import { useWorld } from './use-world.ts';

interface Library {
  readonly scenarios: readonly LibraryScenario[];
  /** The scenario whose documents are open, until something else is opened. */
  readonly current: LibraryScenario | null;
}

export const useLibrary = create<Library>()(() => ({ scenarios: [], current: null }));

/** Loads the built-in scenarios; their texts are a chunk of their own. */
export async function loadLibrary(): Promise<void> {
  const { listScenarios } = await import('../host/scenario-library.ts');
  useLibrary.setState({ scenarios: listScenarios() });
}

/** Opens a scenario with its first packet ready to send. */
export async function openScenario(scenario: LibraryScenario): Promise<void> {
  const { actions } = useWorld.getState();
  if (!(await actions.open(scenario.documents, scenario.title))) return;
  useLibrary.setState({ current: scenario });
  if (scenario.probe !== null) {
    actions.setRequest(toRequest(scenario.probe));
    actions.startChoosing('browsing');
  }
}
