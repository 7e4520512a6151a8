import type { CommandName } from './args.ts';

const lines: Record<CommandName, string> = {
  trace: `podhop trace -f PATH… --from A --to B [--port N] [--protocol tcp|udp|sctp|icmp] [--at node/NAME] [--http URL] [--requests N] [--json]
podhop trace -f PATH… --probes FILE [--json]
  One question, every branch. A: pod/NS/NAME, deployment/NS/NAME (and other workloads), node/NAME, client/NAME, ip/ADDRESS.
  B: an address, a DNS name as the source would type it, service/NS/NAME, pod/NS/NAME, node/NAME,
  an http(s):// URL, or ingress. A name _PORT._PROTOCOL.NAME is asked as SRV: the answer is listed, then the name in it is looked up and its port dialled.
  --requests N: so many on one connection (keep-alive). Without a proxy all end where the connection does; a controller sends each on by itself.
  Exit 0 if every branch is delivered, else 1.`,
  reach: `podhop reach -f PATH… [--json] [--ports listening] [--ip-block outside]
  Who can connect to whom, by NetworkPolicy: every workload to every workload, and from and to outside.
  --ports listening keeps ports that a container declares; with --ip-block outside an ipBlock means no pod.`,
  rules: `podhop rules -f PATH… (--node NODE | --all) [--format iptables-save|ipset|nft|ipvsadm|ip-route|ip-addr] [--family 4|6] [--probes FILE]
  The text that this host's kernel would hold, restorable as it is. With --probes each question is sent once, as the seed decides,
  and every rule shows the packets it saw: [packets:0] as iptables-save -c does, # packets N in other formats.`,
  check: `podhop check PATH… [--reporter text|tap|junit] [--write-golden]
  Runs scenario files: every expectation, and for a scenario with a folder golden/ the rules of its nodes on each datapath against
  golden/DATAPATH.txt. --write-golden writes those texts anew, to be read before they are kept. Exit 0 if all are met, else 1.`,
  diff: `podhop diff -f OLD -f NEW [--json]
  What became reachable, what stopped, what changed its path. Exit 0 if nothing changed, 1 if something did.
  JSON: { same, connections: [{ src, dst, change, before, after }], services: [{ from, to, protocol, port, change, before, after, partsAt }],
  peersAdded, peersRemoved, questionsLeftOut }; change is opened, closed or changed; before and after are lists of { protocol, ports }
  (connections) or { verdict, codes, branches: ["ODDS VERDICT WHO"], hops } (services), null where the workload or the Service does not exist.`,
  exposure: `podhop exposure -f PATH… pod/NS/NAME [--json]
  Who could reach this pod (of a workload: its first ready one) and whom it could reach by NetworkPolicy, pods that do not exist yet among
  them: by the labels that they would need, with the ports and the line that admits them. JSON: { pod, isolated, ingress, egress, unlike, note }.`,
  coverage: `podhop coverage -f PATH… --probes FILE [--node NODE | --all] [--json]
  Which rules of every NetworkPolicy these questions met, on all their branches, and which kernel rules of each host. A policy's rule counts
  every packet it lets pass, whether or not another does, too; it is shadowed where nothing changes without it, and selects nothing where it
  speaks of no pod, nobody or no port today. With --node or --all each kernel rule is told, too: one is shadowed where an earlier rule of its
  chain ends whatever it could match, unreachable where nothing leads to its chain. What was not met comes with a ready call that meets it.
  JSON: { sent, notSent, policyRules, hosts, tried, note }. Exit 0.`,
  validate: `podhop validate -f PATH… [--json]
  Lists every problem as file:line:col: severity: what — what to do. Exit 1 if any is an error.`,
};

/** The manual: of one command, or of all. */
export function usage(command: CommandName | null): string {
  if (command !== null) return lines[command];
  return ['Podhop: send a packet through a Kubernetes cluster that needs no cluster.', '', ...Object.values(lines), '', 'PATH is a YAML or JSON file, a folder, - for standard input, or the rules of a real node: iptables-save, ipset save, nft list ruleset', '(named after the node, or with `# node: NAME` above them), which then stand in place of those made up for it.'].join('\n');
}
