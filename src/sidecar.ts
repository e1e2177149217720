export { type CreateAppOptions, createApp, type ServeOptions, serveGuard as serve } from './serve-guard.ts';
export type { Connection } from './sidecar/auth.ts';
export type { RunningSidecar } from './sidecar/listen.ts';
