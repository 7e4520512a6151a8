import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

// Numbers are the rows of the bad-input list; the objects that stay usable, then every problem with its place. What is wrong with any object.
test.each<[string, string, string, string[]]>([
  ["12 an object given twice, differently", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data: {k: v}
`,
    "ConfigMap/a", [
      `x.yaml:6:1: error: ConfigMap default/a is given twice, first at x.yaml:1:1; the first is used — remove or rename one of them`,
    ]],
  ["12 an object given twice, alike", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`,
    "ConfigMap/a", [
      `x.yaml:6:1: info: ConfigMap default/a is given twice and alike, first at x.yaml:1:1; the first is used`,
    ]],
  ["13 an unknown field, and what it does", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelecter: {}
  ingress:
  - form: []
`,
    "NetworkPolicy/p", [
      `x.yaml:5:3: warning: unknown field spec.podSelecter, which Kubernetes ignores: the policy would select all pods of its namespace — did you mean podSelector?`,
      `x.yaml:7:5: warning: unknown field spec.ingress[0].form, which Kubernetes ignores: the rule would let everyone in — did you mean from?`,
    ]],
  ["13 an unknown field far from any other", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  wibble: 1
  ports: [{port: 80}]
`,
    "Service/a", [
      `x.yaml:6:3: warning: unknown field spec.wibble, which Kubernetes ignores — remove it, or check its indentation`,
    ]],
  ["13 a field in the wrong case", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
    targetport: 8080
`,
    "Service/a", [
      `x.yaml:8:5: warning: unknown field spec.ports[0].targetport, which Kubernetes ignores: traffic would go to the Service's own port number — did you mean targetPort?`,
    ]],
  ["14 a kind of somebody else", `apiVersion: x.y/v1
kind: Foo
metadata: {name: a}
spec: {any: [1]}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: b}
spec: {template: {}}
`,
    "Foo/a Service/b", []],
  ["15 a removed API", `apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: a}
`,
    "", [
      `x.yaml:1:13: error: extensions/v1beta1 Ingress was removed from Kubernetes — write apiVersion: networking.k8s.io/v1 and adapt its fields`,
    ]],
  ["15 the wrong group", `apiVersion: v1
kind: Deployment
metadata: {name: a}
`,
    "", [
      `x.yaml:1:13: error: there is no Deployment in v1 — write apiVersion: apps/v1`,
    ]],
  ["16 no apiVersion", `kind: Service
metadata: {name: a}
`,
    "", [
      `x.yaml:1:1: error: apiVersion is missing — say which API it belongs to, such as apiVersion: v1`,
    ]],
  ["16 no kind", `apiVersion: v1
metadata: {name: a}
`,
    "", [
      `x.yaml:1:1: error: kind is missing — say what it is, such as kind: Service`,
    ]],
  ["16 no name", `apiVersion: v1
kind: ConfigMap
metadata:
  labels: {}
`,
    "", [
      `x.yaml:4:3: error: metadata.name is missing — give the object a name`,
    ]],
  ["16 no metadata", `apiVersion: v1
kind: ConfigMap
`,
    "", [
      `x.yaml:1:1: error: metadata.name is missing — give the object a name`,
    ]],
  ["16 generateName", `apiVersion: v1
kind: ConfigMap
metadata:
  generateName: x-
`,
    "ConfigMap/x-d68cg", [
      `x.yaml:4:17: info: generateName: here it becomes "x-d68cg" — kubectl apply needs a fixed name; kubectl create takes this`,
    ]],
  ["17 a number in quotes", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: "80"
`,
    "", [
      `x.yaml:7:11: error: spec.ports[0].port must be a whole number; found text "80" — remove the quotes`,
    ]],
  ["17 a named port that is a number", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
    targetPort: "80"
`,
    "", [
      `x.yaml:8:17: error: spec.ports[0].targetPort must be a number or a port name; found text "80", which Kubernetes looks up as a port's name — remove the quotes`,
    ]],
  ["17 a list for a map", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  labels: [a]
`,
    "", [
      `x.yaml:5:11: error: metadata.labels must be a map; found a list — write a map`,
    ]],
  ["17 a scalar for a map", `apiVersion: v1
kind: ConfigMap
metadata: a
`,
    "", [
      `x.yaml:3:11: error: metadata must be a map; found text "a" — write a map`,
    ]],
  ["17 a word for a number", `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: two
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      containers: [{name: c, image: i}]
`,
    "", [
      `x.yaml:5:13: error: spec.replicas must be a whole number; found text "two" — write a whole number`,
    ]],
  ["18 a label that YAML takes for a boolean", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  labels:
    enabled: yes
`,
    "", [
      `x.yaml:6:14: error: metadata.labels.enabled must be text; found true (YAML 1.1, which kubectl reads, takes yes for true) — quote it: "yes"`,
    ]],
  ["18 a label key that YAML takes for a boolean", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  labels:
    on: "x"
`,
    "ConfigMap/a", [
      `x.yaml:6:5: warning: kubectl reads the key on as "true" — quote it: "on"`,
    ]],
  ["19 port 0", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 0
`,
    "", [
      `x.yaml:7:11: error: spec.ports[0].port must be 1–65535; found 0 — write a number from 1 to 65535`,
    ]],
  ["19 port -1", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: -1
`,
    "", [
      `x.yaml:7:11: error: spec.ports[0].port must be 1–65535; found -1 — write a number from 1 to 65535`,
    ]],
  ["19 port 65536", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 65536
`,
    "", [
      `x.yaml:7:11: error: spec.ports[0].port must be 1–65535; found 65536 — write a number from 1 to 65535`,
    ]],
  ["19 a targetPort beyond 32 bits is one problem: the API server fails to decode it and validates nothing", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
    targetPort: 8080808080
`,
    "", [
      `x.yaml:8:17: error: spec.ports[0].targetPort must fit 32 bits; found 8080808080 — write a smaller number`,
    ]],
  ["19 port 1e3", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 1e3
`,
    "Service/a", [
      `x.yaml:7:11: warning: spec.ports[0].port: kubectl reads 1e3 as 1000 — write 1000`,
    ]],
  ["19 port 0100", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 0100
`,
    "Service/a", [
      `x.yaml:7:11: warning: spec.ports[0].port: 0100 is octal for kubectl: 64 — write 64`,
    ]],
  ["19 port 80.5", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80.5
`,
    "", [
      `x.yaml:7:11: error: spec.ports[0].port must be a whole number; found number 80.5 — write a whole number`,
    ]],
  ["24 the name Web", `apiVersion: v1
kind: ConfigMap
metadata:
  name: Web
`,
    "", [
      `x.yaml:4:9: error: metadata.name "Web" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "web"?`,
    ]],
  ["24 the name a_b", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a_b
`,
    "", [
      `x.yaml:4:10: error: metadata.name "a_b" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "a-b"?`,
    ]],
  ["24 the name -a", `apiVersion: v1
kind: ConfigMap
metadata:
  name: -a
`,
    "", [
      `x.yaml:4:9: error: metadata.name "-a" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["24 the name a😀", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a😀
`,
    "", [
      `x.yaml:4:10: error: metadata.name "a😀" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["24 the name \"\"", `apiVersion: v1
kind: ConfigMap
metadata:
  name: ""
`,
    "", [
      `x.yaml:4:10: error: metadata.name "" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["24 the name a..b", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a..b
`,
    "", [
      `x.yaml:4:10: error: metadata.name "a..b" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["24 a label value of 64", `apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {x: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}}
`,
    "", [
      `x.yaml:3:96: error: metadata.labels.x "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb…" breaks a rule: a label value is empty or at most 63 of letters, digits, "-", "_" and ".", and begins and ends with a letter or digit — rename it`,
    ]],
  ["25 requirements", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector:
    matchExpressions:
    - {key: a, operator: In}
    - {key: a, operator: Exists, values: [b]}
    - {key: a, operator: in, values: [b]}
    - {key: a, operator: In, values: []}
`,
    "", [
      `x.yaml:7:26: error: operator In needs at least one value — list the values, or use Exists or DoesNotExist`,
      `x.yaml:8:42: error: operator Exists takes no values — remove them, or use In or NotIn`,
      `x.yaml:9:26: error: spec.podSelector.matchExpressions[2].operator must be In, NotIn, Exists or DoesNotExist; found "in" — write In`,
      `x.yaml:10:38: error: operator In needs at least one value — list the values, or use Exists or DoesNotExist`,
    ]],
  ["25 a contradiction", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector:
    matchLabels: {a: b}
    matchExpressions:
    - {key: a, operator: NotIn, values: [b]}
`,
    "NetworkPolicy/p", [
      `x.yaml:6:5: warning: spec.podSelector matches nothing: its requirements for "a" contradict each other — change or remove one of them`,
    ]],
  ["37 a name of markup", `apiVersion: v1
kind: ConfigMap
metadata:
  name: "<img onerror=x>"
`,
    "", [
      `x.yaml:4:10: error: metadata.name "<img onerror=x>" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["37 a name of bidi and zero-width characters", `apiVersion: v1
kind: ConfigMap
metadata:
  name: "a\u202eb\u200b"
`,
    "", [
      `x.yaml:4:11: error: metadata.name "aU+202EbU+200B" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["37 markup in an annotation", `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations: {x: "<img onerror=x>"}
`,
    "ConfigMap/a", []],
  ["38 whole numbers beyond 2⁵³", `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers: [{name: c, image: i}]
  activeDeadlineSeconds: 9007199254740993
  priority: 99999999999999999999
`,
    "", [
      `x.yaml:7:13: error: spec.priority must fit 32 bits; found 99999999999999999999 — write a smaller number`,
    ]],
])('%s', (_, text, objects, problems) => {
  const read = readManifests([{ name: 'x.yaml', text }]);
  expect({ objects: read.objects.map((o) => `${o.kind}/${o.name}`).join(' '), problems: read.problems.map(formatProblem) }).toEqual({ objects, problems });
});
