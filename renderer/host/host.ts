import type { EngineNotice } from '../../shared/api/channel.ts';
import type { SandboxApi } from '../../shared/api/contract.ts';
import type { ShellApi } from '../../shared/api/shell-api.ts';

/** What the screen runs on. It cannot tell whether the engine is a process, a worker or, in tests, the same thread (DESIGN §4). */
export interface Host {
  readonly engine: SandboxApi;
  readonly shell: ShellApi;
  /** Hears what the host says of the engine; returns the way to stop. */
  readonly onNotice: (hear: (notice: EngineNotice) => void) => () => void;
}
