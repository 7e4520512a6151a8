import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

// Numbers are the rows of the bad-input list; the objects that stay usable, then every problem with its place. What is wrong with lists, templates, aliases and tags.
test.each<[string, string, string, string[]]>([
  ["30 lists in lists, positions inside items", `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: List
  items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: A}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: b}
`,
    "ConfigMap/b", [
      `x.yaml:9:22: error: metadata.name "A" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "a"?`,
    ]],
  ["30 a typed list whose items do not say what they are", `apiVersion: v1
kind: ConfigMapList
items:
- metadata: {name: a}
- metadata: {name: B}
`,
    "ConfigMap/a", [
      `x.yaml:5:20: error: metadata.name "B" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "b"?`,
    ]],
  ["30 JSON lines, one of them broken", `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"}}
{"kind":"ConfigMap","apiVersion":"v1",
"metadata":{"name":"B"}}
{"kind":
{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"}}`,
    "ConfigMap/a ConfigMap/c", [
      `x.yaml:3:21: error: metadata.name "B" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "b"?`,
      `x.yaml:4:1: error: this is not JSON — check the quotes, commas and brackets of this line`,
    ]],
  ["30 what the API server adds is no noise", `apiVersion: v1
kind: Service
metadata:
  creationTimestamp: "2024-01-01T00:00:00Z"
  managedFields:
  - apiVersion: v1
    fieldsType: FieldsV1
    fieldsV1:
      f:spec: {}
    manager: kubectl
    operation: Update
    time: "2024-01-01T00:00:00Z"
  name: a
  resourceVersion: "1"
  uid: 1-2
spec:
  clusterIP: 10.96.0.7
  clusterIPs:
  - 10.96.0.7
  internalTrafficPolicy: Cluster
  ipFamilies:
  - IPv4
  ipFamilyPolicy: SingleStack
  ports:
  - port: 80
    protocol: TCP
    targetPort: 80
  sessionAffinity: None
  type: ClusterIP
status:
  loadBalancer: {}
`,
    "Service/a", []],
  ["31 a Helm template, and a document without braces", `apiVersion: v1
kind: Service
metadata:
  name: {{ .Values.name }}
spec:
{{- if x }}
  ports: []
{{- end }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ok
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ x }}-b
`,
    "ConfigMap/ok", [
      `x.yaml:4:9: error: unrendered template — run "helm template … > out.yaml" and open that`,
    ]],
  ["31 braces inside a text are nobody's business", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  x: |
    {{ if a }}
`,
    "ConfigMap/a", []],
  ["31 a name in quoted braces", `apiVersion: v1
kind: ConfigMap
metadata:
  name: "{{ .Release.Name }}"
`,
    "", [
      `x.yaml:4:10: error: unrendered template — run "helm template … > out.yaml" and open that`,
    ]],
  ["31 kustomization.yaml", `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [a]
`,
    "", [
      `x.yaml:1:1: error: a Kustomize file names manifests but is none — run "kubectl kustomize . > out.yaml" and open that`,
    ]],
  ["32 an alias bomb", `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]
g: [*f,*f,*f,*f,*f,*f,*f,*f,*f]
`,
    "", [
      `x.yaml:4:17: error: the aliases of this document unfold to more than 4670 nodes — write the values out; kubectl refuses excessive aliasing`,
    ]],
  ["32 an anchor in itself", `a: &a [*a]
`,
    "", [
      `x.yaml:1:8: error: anchor &a contains itself — write the value out`,
    ]],
  ["32 an alias across documents", `apiVersion: v1
kind: ConfigMap
metadata:
  name: &n a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: *n
`,
    "ConfigMap/a", [
      `x.yaml:9:9: error: alias *n has no anchor before it in this document, in document 2 (starts line 6) — define &n first; aliases do not reach across ---`,
    ]],
  ["32 an undefined alias", `apiVersion: v1
kind: ConfigMap
metadata:
  name: *x
`,
    "", [
      `x.yaml:4:9: error: alias *x has no anchor before it in this document — define &x first; aliases do not reach across ---`,
    ]],
  ["33 a merge key", `x-a: &x {app: b}
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  labels:
    <<: *x
    c: d
`,
    "ConfigMap/a", [
      `x.yaml:1:1: warning: unknown field x-a, which Kubernetes ignores — remove it, or check its indentation`,
    ]],
  ["35 a JavaScript tag", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  k: !!js/function x
`,
    "", [
      `x.yaml:6:6: error: tag !!js/function not allowed in Kubernetes YAML — remove it and write the plain value`,
    ]],
  ["35 a Python tag, a binary tag, a CloudFormation tag", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  k: !!python/object:a.b {}
  l: !!binary aGk=
  m: !Ref x
`,
    "", [
      `x.yaml:6:6: error: tag !!python/object:a.b not allowed in Kubernetes YAML — remove it and write the plain value`,
      `x.yaml:7:6: error: tag !!binary not allowed in Kubernetes YAML — remove it and write the plain value`,
      `x.yaml:8:6: error: tag !Ref not allowed in Kubernetes YAML — remove it and write the plain value`,
      `x.yaml:6:26: error: data.k must be text; found a map — write text`,
    ]],
  ["35 a YAML version of the future", `%YAML 9.9
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`,
    "", [
      `x.yaml:1:7: error: this directive is not one that kubectl reads — remove it; Kubernetes reads YAML 1.1`,
    ]],
  ["35 a list as a key", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  ? [a]
  : b
`,
    "", [
      `x.yaml:6:5: error: a key must be plain text — Kubernetes objects have no lists or maps as keys`,
    ]],
  ["36 names of prototypes", `apiVersion: v1
kind: ConfigMap
metadata:
  name: constructor
  labels:
    constructor: "1"
    toString: "2"
    __proto__: "3"
  annotations: {valueOf: v}
`,
    "", [
      `x.yaml:8:5: error: label key "__proto__" breaks a rule: a key is an optional DNS name and "/", then at most 63 of letters, digits, "-", "_" and ".", beginning and ending with a letter or digit — rename it`,
    ]],
  ["38 infinity", `apiVersion: x/v1
kind: F
metadata: {name: a}
x: .inf
`,
    "", [
      `x.yaml:4:4: error: .inf is no value that JSON can carry — write a finite number, or quote it`,
    ]],
  ["a list of nothing", `apiVersion: v1
kind: List
items: []
`,
    "", [
      `x.yaml:1:1: info: No Kubernetes objects in x.yaml`,
    ]],
  ["43 a non-breaking space behind a colon", `apiVersion: v1
kind:\u00a0ConfigMap
`,
    "", [
      `x.yaml:2:6: error: U+00A0 stands here instead of a plain space or quote — type it again; YAML knows only plain ones`,
    ]],
  ["43 non-breaking spaces for indentation", `apiVersion: v1
kind: ConfigMap
metadata:
\u00a0\u00a0name: a
`,
    "", [
      `x.yaml:4:1: warning: a non-breaking space (U+00A0 or its like) is part of this key — replace it by a plain space`,
      `x.yaml:1:1: error: metadata.name is missing — give the object a name`,
      `x.yaml:4:1: warning: unknown field \u00a0\u00a0name, which Kubernetes ignores — remove it, or check its indentation`,
    ]],
  ["43 a name in curly quotes", `apiVersion: v1
kind: ConfigMap
metadata:
  name: “a”
`,
    "", [
      `x.yaml:4:9: error: metadata.name "“a”" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["no object at all", `hello
---
- a
`,
    "", [
      `x.yaml:1:1: error: expected a Kubernetes object; found text "hello" — write apiVersion:, kind: and metadata:`,
      `x.yaml:3:1: error: expected a Kubernetes object; found a list — write apiVersion:, kind: and metadata:`,
    ]],
])('%s', (_, text, objects, problems) => {
  const read = readManifests([{ name: 'x.yaml', text }]);
  expect({ objects: read.objects.map((o) => `${o.kind}/${o.name}`).join(' '), problems: read.problems.map(formatProblem) }).toEqual({ objects, problems });
});
