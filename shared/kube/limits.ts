/** What reading is willing to do; each limit is named in the problem that reports it (budgets count work, not time: `shared` has no clock). */
export const MAX_YAML_BYTES = 16 * 1024 * 1024;
/** For a file that is JSON, such as a whole cluster from `kubectl get -o json`. */
export const MAX_JSON_BYTES = 256 * 1024 * 1024;
export const MAX_DOCUMENTS = 20_000;
export const MAX_DEPTH = 100;
/** Nodes after every alias is written out. */
export const MAX_EXPANDED_NODES = 2_000_000;
/** UTF-16 units of one scalar's text. */
export const MAX_SCALAR = 1024 * 1024;
export const MAX_KEY = 1024;
/** UTF-16 units of one object's text; etcd takes 1.5 MiB, the API server 3 MiB. */
export const MAX_OBJECT = 3 * 1024 * 1024;
export const MAX_OBJECTS = 20_000;
export const MAX_PROBLEMS = 200;
