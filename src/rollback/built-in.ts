import { httpHandler } from './http.ts';
import { HandlerRegistry } from './registry.ts';

/** A registry with the handlers that every guard has, and the command line too. */
export function builtInRegistry(): HandlerRegistry {
  const registry = new HandlerRegistry();
  registry.registerFixed(httpHandler());
  return registry;
}
