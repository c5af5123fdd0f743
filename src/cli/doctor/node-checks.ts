import { authDirectory } from './auth-directory.ts';
import { coverage } from './coverage.ts';
import { crioAuth } from './crio-auth.ts';
import { crioRegistries } from './crio-registries.ts';
import { crioVersion } from './crio-version.ts';
import { disk } from './disk.ts';
import { executables } from './executables.ts';
import { featureGate } from './feature-gate.ts';
import { imagePulls } from './image-pulls.ts';
import { journal } from './journal.ts';
import { kubeletFlags } from './kubelet-flags.ts';
import { kubeletRunning } from './kubelet-running.ts';
import { mirrors } from './mirrors.ts';
import type { NodeCheck } from './node-check.ts';
import { pluginDirectory } from './plugin-directory.ts';
import { metrics } from './plugin-metrics.ts';
import { providerConfig } from './provider-config.ts';
import { registriesConf } from './registries-conf.ts';
import { staleAuthFiles } from './stale-files.ts';

/** The node half, in the order in which things have to work. */
export const NODE_CHECKS: readonly NodeCheck[] = [
  kubeletRunning,
  kubeletFlags,
  pluginDirectory,
  executables,
  providerConfig,
  featureGate,
  registriesConf,
  coverage,
  crioVersion,
  crioAuth,
  crioRegistries,
  mirrors,
  authDirectory,
  staleAuthFiles,
  imagePulls,
  disk,
  metrics,
  journal,
];
