import type { Shapes } from './shape.ts';

/** Field names and JSON types of k8s.io/kube-proxy v0.37, kubeproxy.config.k8s.io/v1alpha1; logging and the API client matter to nobody here. */
export const kubeProxyShapes: Shapes = {
  DetectLocalConfiguration: 'bridgeInterface:s interfaceNamePrefix:s',
  KubeProxyConfiguration: 'kind:s apiVersion:s featureGates:{b} clientConnection:* logging:* hostnameOverride:s bindAddress:s healthzBindAddress:s metricsBindAddress:s bindAddressHardFail:b enableProfiling:b showHiddenMetricsForVersion:s mode:s iptables:KubeProxyIPTablesConfiguration ipvs:KubeProxyIPVSConfiguration nftables:KubeProxyNFTablesConfiguration winkernel:KubeProxyWinkernelConfiguration detectLocalMode:s detectLocal:DetectLocalConfiguration clusterCIDR:s nodePortAddresses:[s] oomScoreAdj:i conntrack:KubeProxyConntrackConfiguration configSyncPeriod:t portRange:s windowsRunAsService:b metadata:ObjectMeta',
  KubeProxyConntrackConfiguration: 'maxPerCore:i min:i tcpEstablishedTimeout:t tcpCloseWaitTimeout:t tcpBeLiberal:b udpTimeout:t udpStreamTimeout:t',
  KubeProxyIPTablesConfiguration: 'masqueradeBit:i masqueradeAll:b localhostNodePorts:b syncPeriod:t minSyncPeriod:t',
  KubeProxyIPVSConfiguration: 'syncPeriod:t minSyncPeriod:t scheduler:s excludeCIDRs:[s] strictARP:b tcpTimeout:t tcpFinTimeout:t udpTimeout:t',
  KubeProxyNFTablesConfiguration: 'masqueradeBit:i masqueradeAll:b syncPeriod:t minSyncPeriod:t',
  KubeProxyWinkernelConfiguration: 'networkName:s sourceVip:s enableDSR:b rootHnsEndpointName:s forwardHealthCheckVip:b',
};
