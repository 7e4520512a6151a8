import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

// Numbers are the rows of the bad-input list; the objects that stay usable, then every problem with its place. What is wrong with the text.
test.each<[string, string, string, string[]]>([
  ["1 an empty file", ``,
    "", [
      `x.yaml:1:1: info: No Kubernetes objects in x.yaml`,
    ]],
  ["1 only a comment", `# x
`,
    "", [
      `x.yaml:1:1: info: No Kubernetes objects in x.yaml`,
    ]],
  ["1 only a marker", `---
`,
    "", [
      `x.yaml:1:1: info: No Kubernetes objects in x.yaml`,
    ]],
  ["2 a byte order mark and CRLF take no columns", `\ufeffapiVersion: v1\u000d
kind: ConfigMap\u000d
metadata:\u000d
  name: A\u000d
`,
    "", [
      `x.yaml:4:9: error: metadata.name "A" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "a"?`,
    ]],
  ["2 lone CR and no final newline", `apiVersion: v1\u000dkind: ConfigMap\u000dmetadata:\u000d  name: A`,
    "", [
      `x.yaml:4:9: error: metadata.name "A" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "a"?`,
    ]],
  ["6 ESC in a value", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  k: "a\u001bb"
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
`,
    "ConfigMap/b", [
      `x.yaml:6:8: error: control character U+001B in "k", in document 1 (starts line 1) — remove it, or write it as an escape in double quotes`,
    ]],
  ["6 NUL in a name", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a\u0000b
`,
    "", [
      `x.yaml:4:10: error: control character U+0000 in "name" — remove it, or write it as an escape in double quotes`,
    ]],
  ["6 C1 in a comment", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
# \u009b
`,
    "", [
      `x.yaml:5:3: error: control character U+009B — remove it, or write it as an escape in double quotes`,
    ]],
  ["7 a tab for indentation", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
\u0009k: v
`,
    "", [
      `x.yaml:6:1: error: tab used for indentation — use spaces`,
    ]],
  ["8 an open double quote, and the document behind it", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  k: "abc
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b
`,
    "ConfigMap/b", [
      `x.yaml:6:6: error: this " is never closed, in document 1 (starts line 1) — close it with " on the same line`,
    ]],
  ["8 an open single quote", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  k: 'abc
  l: m
`,
    "", [
      `x.yaml:6:6: error: this ' is never closed — close it with ' on the same line`,
    ]],
  ["8 an open [", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
x: [1, 2
y: 3
`,
    "", [
      `x.yaml:5:4: error: this [ is never closed — close it with ]`,
    ]],
  ["8 an open {", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
x: {a: 1
`,
    "", [
      `x.yaml:5:4: error: this { is never closed — close it with }`,
    ]],
  ["9 a field one too deep", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
     name: x
`,
    "", [
      `x.yaml:8:6: error: indented by 5 spaces, which lines up with nothing above — expected 4 spaces like line 7`,
    ]],
  ["9 a field one too shallow", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
    - port: 80
   selector: {a: b}
`,
    "", [
      `x.yaml:8:4: error: indented by 3 spaces, which lines up with nothing above — expected 4 spaces like line 7`,
    ]],
  ["9 a first line that is indented", `  apiVersion: v1
kind: ConfigMap
metadata: {name: a}
`,
    "", [
      `x.yaml:2:1: error: indented by 0 spaces, which lines up with nothing above — expected 2 spaces like line 1`,
    ]],
  ["10 the second of three documents is broken", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
a: b: c
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
`,
    "ConfigMap/a ConfigMap/c", [
      `x.yaml:6:4: error: a second "key: value" on this line, in document 2 (starts line 6) — quote the value, or put the nested map on its own lines`,
    ]],
  ["11 a key given twice", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
  ports:
  - port: 81
`,
    "", [
      `x.yaml:8:3: error: "ports" repeated, first at 6:3 — keep one of them`,
    ]],
])('%s', (_, text, objects, problems) => {
  const read = readManifests([{ name: 'x.yaml', text }]);
  expect({ objects: read.objects.map((o) => `${o.kind}/${o.name}`).join(' '), problems: read.problems.map(formatProblem) }).toEqual({ objects, problems });
});
