/** Namespaces one packet may visit before its trace ends as `looped`; a TTL of 255 between two routers and their switches stays below. */
export const maxHops = 1100;
/** Chains inside chains (nft allows 16; iptables has no loops to begin with). */
export const maxChainDepth = 64;
/** Branches that `all` explores before the rest of the odds becomes one `unmodelled` branch. */
export const maxBranches = 4096;
/** Stages and matched rules of one branch before it ends as `looped`. */
export const maxWork = 200_000;
/** Work of all branches together before exploration stops. */
export const maxTotalWork = 20_000_000;
/** Connections one namespace remembers (net.netfilter.nf_conntrack_max of a small machine); the oldest go first. */
export const maxConntrack = 65_536;
