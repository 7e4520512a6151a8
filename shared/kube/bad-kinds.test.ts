import { expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';

// Numbers are the rows of the bad-input list; the objects that stay usable, then every problem with its place. What is wrong with objects of one kind.
test.each<[string, string, string, string[]]>([
  ["20 endPort below port, with a name, alone", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
  - ports:
    - port: 80
      endPort: 70
    - port: web
      endPort: 80
    - endPort: 3
    - {port: 80, endPort: 90}
`,
    "", [
      `x.yaml:9:16: error: spec.ingress[0].ports[0].endPort 70 must be at least port 80 — swap the two numbers`,
      `x.yaml:11:16: error: spec.ingress[0].ports[1].endPort may not follow a named port — write the port as a number`,
      `x.yaml:12:16: error: spec.ingress[0].ports[2].endPort needs a port before it — write port: as well`,
    ]],
  ["22 source ranges may be padded with blanks (ValidateService trims these alone)", `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {type: LoadBalancer, loadBalancerSourceRanges: [" 10.0.0.0/24 ", "10.0.0.0 /24"], ports: [{port: 80}]}
`,
    "", [
      `x.yaml:4:72: error: spec.loadBalancerSourceRanges[1] must be a network such as 10.0.0.0/24; found "10.0.0.0 /24" — write ADDRESS/BITS`,
    ]],
  ["21 port names", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  ports:
  - port: 80
    name: a
    targetPort: abcdefghijklmnop
  - port: 81
    name: b
    targetPort: WEB
  - port: 82
    name: c
    targetPort: "8-8"
`,
    "", [
      `x.yaml:9:32: error: spec.ports[0].targetPort "abcdefghijklmnop" breaks a rule: a port name is at most 15 of a–z, 0–9 and "-", with at least one letter, no "--", and no "-" at either end (IANA_SVC_NAME) — rename it`,
      `x.yaml:12:17: error: spec.ports[1].targetPort "WEB" breaks a rule: a port name is at most 15 of a–z, 0–9 and "-", with at least one letter, no "--", and no "-" at either end (IANA_SVC_NAME) — did you mean "web"?`,
      `x.yaml:15:18: error: spec.ports[2].targetPort "8-8" breaks a rule: a port name is at most 15 of a–z, 0–9 and "-", with at least one letter, no "--", and no "-" at either end (IANA_SVC_NAME) — rename it`,
    ]],
  ["22 networks", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.0/33}
    - ipBlock: {cidr: 1.2.3}
    - ipBlock: {cidr: 10.0.0.5/24}
    - ipBlock: {cidr: 010.0.0.1/32}
    - ipBlock: {cidr: "::ffff:1.2.3.4/128"}
    - ipBlock: {cidr: 10.0.0.1}
`,
    "", [
      `x.yaml:8:23: error: spec.ingress[0].from[0].ipBlock.cidr must be a network such as 10.0.0.0/24; found "10.0.0.0/33", whose prefix is not 0–32 — write ADDRESS/BITS`,
      `x.yaml:9:23: error: spec.ingress[0].from[1].ipBlock.cidr must be a network such as 10.0.0.0/24; found "1.2.3" — write ADDRESS/BITS`,
      `x.yaml:10:23: warning: spec.ingress[0].from[2].ipBlock.cidr: Kubernetes reads 10.0.0.5/24 as 10.0.0.0/24 — did you mean 10.0.0.0/24?`,
      `x.yaml:11:23: warning: spec.ingress[0].from[3].ipBlock.cidr: Kubernetes reads 010.0.0.1/32 as 10.0.0.1/32 — did you mean 10.0.0.1/32?`,
      `x.yaml:12:23: warning: spec.ingress[0].from[4].ipBlock.cidr: ::ffff:1.2.3.4/128 is an IPv4-mapped IPv6 network, which matches no IPv4 packet — did you mean 1.2.3.4/32?`,
      `x.yaml:13:23: error: spec.ingress[0].from[5].ipBlock.cidr must be a network such as 10.0.0.0/24; found "10.0.0.1" — write 10.0.0.1/32 for the one address`,
    ]],
  ["23 except", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock:
        cidr: 10.0.0.0/24
        except: [10.0.1.0/24, 10.0.0.0/24, 10.0.0.0/25]
`,
    "", [
      `x.yaml:10:18: error: spec.ingress[0].from[0].ipBlock.except[0] "10.0.1.0/24" must lie inside 10.0.0.0/24 and be smaller — exclude only a part of the block`,
      `x.yaml:10:31: error: spec.ingress[0].from[0].ipBlock.except[1] "10.0.0.0/24" must lie inside 10.0.0.0/24 and be smaller — remove the peer instead of excluding all of it`,
    ]],
  ["26 everyone, nobody, and an empty peer", `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress: []
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: q}
spec:
  podSelector: {}
  ingress:
  - from: []
  - {}
  - from: [{}]
`,
    "NetworkPolicy/p", [
      `x.yaml:16:12: error: spec.ingress[2].from[0] must name a podSelector, a namespaceSelector or an ipBlock — write podSelector: {} for all pods of this namespace, or leave the whole list out for everyone`,
    ]],
  ["27 Services of every type", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  type: ExternalName
  externalName: example.com
---
apiVersion: v1
kind: Service
metadata:
  name: b
spec:
  clusterIP: None
---
apiVersion: v1
kind: Service
metadata:
  name: c
spec:
  ports:
  - port: 80
    nodePort: 30000
---
apiVersion: v1
kind: Service
metadata:
  name: d
spec:
  type: NodePort
  ports:
  - {name: a, port: 80, nodePort: 30000}
  - {name: b, port: 81, nodePort: 30000}
`,
    "Service/a Service/b", [
      `x.yaml:23:15: error: spec.ports[0].nodePort may not be set when type is ClusterIP — remove it, or write type: NodePort`,
      `x.yaml:33:35: error: spec.ports[1].nodePort 30000/TCP is taken by another port of this Service — choose another number or protocol`,
    ]],
  ["28 a slice of strangers", `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: a}
addressType: IPv4
endpoints:
- addresses: [192.0.2.1]
  targetRef: {kind: Pod, name: gone}
- addresses: ["::1"]
- addresses: ["2001:db8::1"]
- addresses: []
ports: [{port: 80}, {port: 81}]
`,
    "", [
      `x.yaml:8:15: error: endpoints[1].addresses[0] may not be a loopback address; found ::1 — write an address that other machines can reach`,
      `x.yaml:8:15: error: endpoints[1].addresses[0] must be an IPv4 address as addressType says; found "::1" — move it to a slice of its own family`,
      `x.yaml:9:15: error: endpoints[2].addresses[0] must be an IPv4 address as addressType says; found "2001:db8::1" — move it to a slice of its own family`,
      `x.yaml:10:3: error: endpoints[3].addresses is missing — list its address`,
      `x.yaml:11:21: error: port name "" is given twice — rename one of them`,
    ]],
  ["a pod's containers", `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  hostNetwork: true
  dnsPolicy: clusterFirst
  containers:
  - name: c
    image: i
    ports:
    - {containerPort: 80, hostPort: 81, name: web}
    - {containerPort: 70000, name: web}
    volumeMounts: [{name: v, mountPath: /x}]
  - name: c
`,
    "", [
      `x.yaml:6:14: error: spec.dnsPolicy must be ClusterFirst, ClusterFirstWithHostNet, Default or None; found "clusterFirst" — write ClusterFirst`,
      `x.yaml:11:37: error: spec.containers[0].ports[0].hostPort must equal containerPort 80 when hostNetwork is true — remove it`,
      `x.yaml:12:23: error: spec.containers[0].ports[1].containerPort must be 1–65535; found 70000 — write a number from 1 to 65535`,
      `x.yaml:12:36: error: spec.containers[0].ports[1].name "web" is taken — rename one of them`,
      `x.yaml:13:27: error: spec.containers[0].volumeMounts[0].name "v" names no volume of this pod — add it to volumes`,
      `x.yaml:14:5: error: spec.containers[1].image is missing — name its image`,
      `x.yaml:14:11: error: spec.containers[1].name "c" is taken — rename one of them`,
    ]],
  ["a selector that misses its own template", `apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  selector: {matchLabels: {a: c}}
  template:
    metadata: {labels: {a: b}}
    spec:
      restartPolicy: Never
      containers: [{name: c, image: i}]
`,
    "", [
      `x.yaml:5:13: error: spec.selector does not match the template's labels — use the same labels in both`,
      `x.yaml:9:22: error: spec.template.spec.restartPolicy must be Always; found "Never" — choose one of them`,
    ]],
  ["an Ingress", `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations: {kubernetes.io/ingress.class: other}
spec:
  ingressClassName: x
  rules:
  - host: 10.0.0.1
    http:
      paths:
      - {path: foo, pathType: Prefix, backend: {service: {name: s, port: {number: 80, name: x}}}}
      - {path: /a//b, pathType: Exact, backend: {}}
      - {path: /, backend: {service: {name: s}}}
  - host: "*.com.*"
`,
    "", [
      `x.yaml:5:46: error: the annotation kubernetes.io/ingress.class must equal spec.ingressClassName "x" beside it — keep the field`,
      `x.yaml:9:11: error: spec.rules[0].host must be a DNS name, not an IP address; found "10.0.0.1" — leave host out for every name`,
      `x.yaml:12:16: error: a path of type Prefix must begin with "/"; found "foo" — write an absolute path`,
      `x.yaml:12:93: error: spec.rules[0].http.paths[0].backend.service.port.name may not stand beside number — keep one of them`,
      `x.yaml:13:16: error: spec.rules[0].http.paths[1].path may not hold "//" — write the plain path`,
      `x.yaml:13:49: error: spec.rules[0].http.paths[1].backend.service is missing — write service: with name: and port:`,
      `x.yaml:14:9: error: spec.rules[0].http.paths[2].pathType is missing — write pathType: Prefix or Exact`,
      `x.yaml:14:38: error: spec.rules[0].http.paths[2].backend.service.port is missing — write port: with a number: or a name:`,
      `x.yaml:15:18: error: spec.rules[1].host "*.com.*" breaks a rule: a wildcard host is "*." and a DNS name; a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
    ]],
  ["a Node", `apiVersion: v1
kind: Node
metadata: {name: a}
spec:
  podCIDR: 10.244.1.0/24
  podCIDRs: [10.244.2.0/24, 10.244.3.0/24]
  taints: [{key: k, effect: noschedule}]
status:
  addresses:
  - {type: InternalIP, address: 10.0.0.1}
  - {type: InternalIP, address: 10.0.0.1}
  - {type: Hostname, address: a}
`,
    "", [
      `x.yaml:6:14: error: spec.podCIDRs[0] must equal spec.podCIDR 10.244.1.0/24 — write the same network in both`,
      `x.yaml:6:29: error: spec.podCIDRs holds at most one network per family — remove one`,
      `x.yaml:7:29: error: spec.taints[0].effect must be NoSchedule, PreferNoSchedule or NoExecute; found "noschedule" — write NoSchedule`,
      `x.yaml:11:33: error: status.addresses[1].address 10.0.0.1 (IPv4) is listed twice — remove one`,
    ]],
  ["a Job and a CronJob", `apiVersion: batch/v1
kind: Job
metadata: {name: a}
spec:
  parallelism: -1
  template:
    spec:
      containers: [{name: c, image: i}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: b}
spec:
  jobTemplate: {spec: {template: {spec: {restartPolicy: Always, containers: []}}}}
`,
    "", [
      `x.yaml:5:16: error: spec.parallelism must be 0–2147483647; found -1 — write a number from 0 to 2147483647`,
      `x.yaml:8:7: error: spec.template.spec.restartPolicy is missing — a job needs restartPolicy: OnFailure or Never`,
      `x.yaml:14:3: error: spec.schedule is missing — write it as "minute hour day month weekday"`,
      `x.yaml:14:41: error: spec.jobTemplate.spec.template.spec.containers is missing — list at least one container`,
      `x.yaml:14:57: error: spec.jobTemplate.spec.template.spec.restartPolicy must be OnFailure or Never; found "Always" — choose one of them`,
    ]],
  ["an Endpoints object", `apiVersion: v1
kind: Endpoints
metadata: {name: a}
subsets:
- addresses: [{ip: 10.0.0.1}, {hostname: x}]
  ports: [{port: 80}, {port: 0, name: b}]
- ports: [{port: 81}]
`,
    "", [
      `x.yaml:5:31: error: subsets[0].addresses[1].ip is missing — write the address`,
      `x.yaml:6:11: error: subsets[0].ports[0].name is missing — give each of several ports a name`,
      `x.yaml:6:30: error: subsets[0].ports[1].port must be 1–65535; found 0 — write a number from 1 to 65535`,
      `x.yaml:7:3: error: subsets[1].addresses is missing — list addresses or notReadyAddresses`,
    ]],
  ["an EndpointSlice of names", `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: a}
addressType: FQDN
endpoints: [{addresses: [a.example.com]}, {addresses: [A_b]}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: b}
endpoints: []
`,
    "", [
      `x.yaml:5:56: error: endpoints[1].addresses[0] "A_b" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — rename it`,
      `x.yaml:7:1: error: addressType is missing — write addressType: IPv4, IPv6 or FQDN`,
    ]],
  ["a Service of type ExternalName", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  type: ExternalName
---
apiVersion: v1
kind: Service
metadata:
  name: b
spec:
  type: ExternalName
  externalName: 10.0.0.1
---
apiVersion: v1
kind: Service
metadata:
  name: c
spec:
  type: ExternalName
  externalName: Ex_ample.com
  clusterIP: None
`,
    "Service/b", [
      `x.yaml:6:3: error: spec.externalName is missing — write the name that DNS should answer with`,
      `x.yaml:14:17: warning: externalName 10.0.0.1 is taken for a DNS name, not for an address — use a headless Service with an EndpointSlice for an address`,
      `x.yaml:22:17: error: spec.externalName "Ex_ample.com" breaks a rule: a DNS name is at most 253 of a–z, 0–9, "-" and ".", and each part begins and ends with a letter or digit (RFC 1123) — did you mean "ex-ample.com"?`,
      `x.yaml:23:14: error: spec.clusterIP may not be set when type is ExternalName — remove it, or change the type`,
    ]],
  ["settings", `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: 10.244.0.0/16
nodePortAddresses: [primary, 10.0.0.1/33]
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.34.0
networking: {podSubnet: "10.244.0.0/16,fd00::/56", serviceSubnets: x}
---
apiVersion: podhop.dev/v1alpha1
kind: Sandbox
spec: {podNetwork: calico, sed: 2}
---
apiVersion: podhop.dev/v1alpha1
kind: Scenario
metadata: {name: s}
`,
    "ClusterConfiguration/", [
      `x.yaml:5:30: error: nodePortAddresses[1] must be a network such as 10.0.0.0/24; found "10.0.0.1/33", whose prefix is not 0–32 — write ADDRESS/BITS`,
      `x.yaml:10:52: warning: unknown field networking.serviceSubnets, which Kubernetes ignores — did you mean serviceSubnet?`,
      `x.yaml:14:20: error: spec.podNetwork must be bridge, vxlan or routed; found "calico" — choose one of them`,
      `x.yaml:14:28: warning: unknown field spec.sed, which Kubernetes ignores: the seed would be 1 — did you mean seed?`,
      `x.yaml:16:1: info: scenario s is no manifest — run it with podhop check`,
    ]],
  ["a Secret keeps its keys and none of its values", `apiVersion: v1
kind: Secret
metadata: {name: a}
type: kubernetes.io/tls
data: {tls.crt: aGk=, x: "?"}
`,
    "", [
      `x.yaml:5:7: error: data.tls.key is missing — a Secret of type kubernetes.io/tls needs it`,
      `x.yaml:5:26: error: data.x must be base64 — encode it, or use stringData in a Secret`,
    ]],
  ["a Service of forbidden fields", `apiVersion: v1
kind: Service
metadata:
  name: a
spec:
  type: ClusterIP
  externalTrafficPolicy: Local
  loadBalancerSourceRanges: [10.0.0.0/8]
  healthCheckNodePort: 30001
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 90000}}
  externalIPs: [127.0.0.1]
  selector: {matchLabels: {a: b}}
  ports: [{port: 80, protocol: tcp}, {port: 80}]
`,
    "", [
      `x.yaml:8:29: error: spec.loadBalancerSourceRanges may only be set when type is LoadBalancer — remove it, or write type: LoadBalancer`,
      `x.yaml:9:24: error: spec.healthCheckNodePort may only be set with type: LoadBalancer and externalTrafficPolicy: Local — remove it`,
      `x.yaml:10:26: warning: spec.sessionAffinityConfig is dropped when sessionAffinity is None — write sessionAffinity: ClientIP, or remove it`,
      `x.yaml:11:17: error: spec.externalIPs[0] may not be a loopback address; found 127.0.0.1 — write an address that other machines can reach`,
      `x.yaml:12:14: error: spec.selector.matchLabels: here a selector is a plain map of labels — write the labels directly below selector:`,
      `x.yaml:13:11: error: spec.ports[0].name is missing — give each of several ports a name`,
      `x.yaml:13:32: error: spec.ports[0].protocol must be TCP, UDP or SCTP; found "tcp" — write TCP`,
      `x.yaml:13:38: error: spec.ports[1].name is missing — give each of several ports a name`,
    ]],
])('%s', (_, text, objects, problems) => {
  const read = readManifests([{ name: 'x.yaml', text }]);
  expect({ objects: read.objects.map((o) => `${o.kind}/${o.name}`).join(' '), problems: read.problems.map(formatProblem) }).toEqual({ objects, problems });
});
