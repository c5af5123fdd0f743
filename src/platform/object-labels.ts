/** Marks every object of ours, so that all can be found and removed together. */
export const LABELS = { 'app.kubernetes.io/part-of': 'pullkey' };
