/** A Kubernetes object, or an outside machine of the Sandbox document. Cluster-scoped objects have no namespace. */
export interface ObjectRef { readonly kind: string; readonly namespace?: string; readonly name: string }

/** `kind/namespace/name`, or `kind/name` for cluster-scoped objects; kind in lower case, as CLI.md writes it. */
export const printRef = (ref: ObjectRef): string =>
  ref.namespace === undefined || ref.namespace === '' ? `${ref.kind.toLowerCase()}/${ref.name}` : `${ref.kind.toLowerCase()}/${ref.namespace}/${ref.name}`;
