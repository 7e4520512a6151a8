/** Where a datapath's rules stand in a chain that several write to; low first (DESIGN §8.4). kube-proxy prepends its jumps to what is there (`iptables -I`), a pod network appends its own (`-A`); policies stand before KUBE-FORWARD, so that marked traffic does not slip past them. */
export const ranks = { machines: 0, policy: 20, services: 40, podNetwork: 60, loadBalancer: 80 } as const;
