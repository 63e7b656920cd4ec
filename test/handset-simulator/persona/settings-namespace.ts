export const settingsNamespaces = ['system', 'secure', 'global'] as const;
export type SettingsNamespace = (typeof settingsNamespaces)[number];
