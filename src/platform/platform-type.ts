/** OpenShift's platforms, as `status.platformStatus.type` of its Infrastructure names them. */
export const PLATFORM_TYPES = [
  'AlibabaCloud',
  'AWS',
  'Azure',
  'BareMetal',
  'EquinixMetal',
  'External',
  'GCP',
  'IBMCloud',
  'KubeVirt',
  'Libvirt',
  'None',
  'Nutanix',
  'OpenStack',
  'oVirt',
  'PowerVS',
  'VSphere',
] as const;

export type PlatformType = (typeof PLATFORM_TYPES)[number];

/** Why nothing can be rendered for a platform, in the machine-config-operator's words. */
export function platformProblem(platform: string): string | undefined {
  return platform === ''
    ? 'cannot generate MachineConfigs when no platformStatus.type is set'
    : undefined;
}

/** A platform's type by its name in any case; undefined where there is none. */
export function platformType(name: string): PlatformType | undefined {
  return PLATFORM_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
}
