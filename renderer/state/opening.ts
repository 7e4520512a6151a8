import type { Host } from '../host/host.ts';
import type { Offering } from './world-store.ts';
import { useLibrary } from './library.ts';
import { currentHost, useWorld } from './use-world.ts';

const host = (): Host => currentHost();

/** Puts documents from outside before the person: straight in where nothing of theirs is open, else as a preview to merge or replace. */
export async function offerDocuments(offering: Offering): Promise<void> {
  const { actions } = useWorld.getState();
  if (offering.documents.length === 0) {
    const why = (offering.skipped ?? []).map(({ name, why: reason }) => `${name} ${reason}`).join(', ');
    return actions.fail(why === '' ? 'There was nothing to open' : `Nothing was opened: ${why}`);
  }
  await actions.offer(offering);
}

/** Asks the host for files or a folder and offers what was chosen. */
export async function openFromHost(folder: boolean): Promise<void> {
  const chosen = await host().shell.openFiles({ folder });
  if (chosen !== null) await offerDocuments(chosen);
}

/** Takes what the app was started with or sent, if anything; answers whether there was something. */
export async function takeOpened(): Promise<boolean> {
  const given = await host().shell.takeOpened({});
  if (given === null || given.documents.length === 0) return false;
  const { opened, actions } = useWorld.getState();
  if (opened === null) return actions.open(given.documents, given.title);
  await actions.offer(given);
  return true;
}

/** Takes the merged or replaced documents; a scenario is no longer what is open. */
export async function accept(how: 'merge' | 'replace'): Promise<void> {
  await useWorld.getState().actions.acceptIncoming(how);
  if (how === 'replace') useLibrary.setState({ current: null });
}

/** Ends a busy engine; it starts again from the last acknowledged documents. */
export async function restartEngine(): Promise<void> {
  try {
    await host().shell.restartEngine({});
  } catch (thrown) {
    useWorld.getState().actions.fail(thrown instanceof Error ? thrown.message : 'The engine could not be started again');
  }
}
