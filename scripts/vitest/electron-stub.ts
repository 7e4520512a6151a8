// Node's own `electron` package starts a download when it is imported; a unit test must never reach it.
throw new Error('electron was imported in a unit test: move the decision into a pure function, or test it in e2e/electron');

export {};
