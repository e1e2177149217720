import type { ArgumentKinds } from '../core/argument-kind.ts';
import type { TrustLevel } from '../core/levels.ts';
import type { PolicyVerdict, RuleAction } from '../policy/rule-input.ts';
import type {
  AgentSettings,
  ApprovalSettings,
  ApprovalWebhook,
  ApproverSettings,
  BudgetSettings,
  EvaluatorSettings,
  EvaluatorSwitch,
  ExporterName,
  ExporterOptions,
  GlobalSettings,
  HumanGateSettings,
  ObservabilitySettings,
  RateLimitSettings,
  RedactionSettings,
  RollbackSettings,
  SidecarSettings,
  SpellingSettings,
  StorageSettings,
} from './settings.ts';

/** Every field may be left out or `undefined`. */
type Some<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** `A` with the fields of `B` in place of its own. */
type With<A, B> = Omit<A, keyof B> & B;

/** A rule of a configuration object. */
export interface RuleFields {
  /** Python regular expression with search semantics. */
  readonly pattern: string;
  readonly action: RuleAction;
  readonly reason?: string | undefined;
  readonly name?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly escalateTo?: string | undefined;
  readonly deferSeconds?: number | undefined;
}

/** A policy of a configuration object. */
export interface PolicyFields {
  readonly name: string;
  /** fnmatch globs. Default `['*']`. */
  readonly actionTypes?: readonly string[] | undefined;
  /** Python expression; without one the policy always matches. */
  readonly condition?: string | undefined;
  /** Default BLOCK. */
  readonly verdict?: PolicyVerdict | Lowercase<PolicyVerdict> | undefined;
  readonly message?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly escalateTo?: string | undefined;
  readonly deferSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly minTrust?: number | TrustLevel | undefined;
  /** Names of policies whose fields hold where this one states none. */
  readonly extends?: string | readonly string[] | undefined;
}

/** A configuration object in camel case. */
export interface GuardConfigFields {
  readonly version?: 1 | '1' | '1.0' | undefined;
  /** Name of the rule list. Default `default`. */
  readonly name?: string | undefined;
  /** What happens where no rule matches. Only beside `rules`. Default block. */
  readonly defaultAction?: RuleAction | undefined;
  readonly rules?: readonly RuleFields[] | undefined;
  readonly policies?: readonly PolicyFields[] | undefined;
  readonly global?: Some<GlobalSettings> | undefined;
  readonly budget?: Some<BudgetSettings> | undefined;
  readonly rateLimits?: Some<RateLimitSettings> | undefined;
  readonly agents?:
    | readonly With<
        Some<AgentSettings>,
        { readonly id: string; readonly trustLevel?: number | TrustLevel | undefined }
      >[]
    | undefined;
  readonly evaluators?:
    | { readonly [Name in keyof EvaluatorSettings]?: EvaluatorFields<Name> | undefined }
    | undefined;
  readonly tools?: Readonly<Record<string, ArgumentKinds>> | undefined;
  readonly spellings?: Some<SpellingSettings> | undefined;
  readonly rollback?:
    | With<Some<RollbackSettings>, { readonly maxBytes?: number | string | undefined }>
    | undefined;
  readonly observability?:
    | With<Some<ObservabilitySettings>, { readonly exporters?: readonly ExporterFields[] | undefined }>
    | undefined;
  readonly approvals?:
    | With<Some<ApprovalSettings>, { readonly webhook?: WebhookFields | null | undefined }>
    | undefined;
  readonly approvers?: readonly (Some<ApproverSettings> & Omit<ApproverSettings, 'lists'>)[] | undefined;
  readonly storage?: Some<StorageSettings> | undefined;
  readonly redaction?: Some<RedactionSettings> | undefined;
  readonly mode?: 'enforce' | 'monitor' | undefined;
  readonly sidecar?: Some<SidecarSettings> | undefined;
}

type EvaluatorFields<Name> = Some<Name extends 'humanGate' ? HumanGateSettings : EvaluatorSwitch>;

/** An exporter by name, or `{ name: options }`. */
type ExporterFields =
  | 'stdout'
  | 'sidecar'
  | 'otel'
  | {
      readonly [Name in ExporterName]: {
        readonly [Key in Name]: Name extends 'webhook' ? WebhookFields : ExporterOptions[Key];
      };
    }[ExporterName];

type WebhookFields = Some<ApprovalWebhook> & Pick<ApprovalWebhook, 'url' | 'secret'>;

type SnakeKey<Key extends string> = Key extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeKey<Tail>}`
  : Key;

/** The same type with its keys in snake case, as in YAML. Names that the author chooses are plain strings. */
type Snake<T> = T extends readonly (infer Item)[]
  ? readonly Snake<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as Key extends string ? SnakeKey<Key> : Key]: Snake<T[Key]> }
    : T;

/** A configuration as an object: the words of the YAML file, in camel case or as they are there. */
export type GuardConfigInput = GuardConfigFields | Snake<GuardConfigFields>;
