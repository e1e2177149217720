/** What `init` writes, below the line that names the schema. It loads without a finding. */
export const STARTER_POLICY = `#
# What your agent may do. Every tool call is judged by this file before it runs.
#
#   npx plyra-guard check policy.yaml                 is the file in order?
#   npx plyra-guard evaluate "rm -rf /" --config policy.yaml
#   npx plyra-guard explain /tmp/a.txt --config policy.yaml

version: "1"
name: my-agent

# What happens to a call that no rule matches: allow, warn, defer, escalate or block.
default_action: block

# A rule's pattern is a Python regular expression, searched for in the intent string of a call: all its text
# arguments, joined by one blank. Rules are tried in order, the first that matches decides. Write patterns in single
# quotes: in double quotes YAML has its own use for the backslash.
rules:
  - name: secrets
    pattern: '\\.env$|\\.pem$|/\\.ssh/'
    action: block
    reason: Files with secrets stay closed to agents.
    suggestion: ask for the one value that is needed

  - name: system-paths
    pattern: '^/(?:etc|boot|proc|sys|root)/'
    action: block
    reason: System directories belong to the operating system.

  - name: drop-table
    pattern: '(?i)\\bdrop\\s+(?:table|database)\\b'
    action: escalate
    reason: Dropping a table destroys data for good, so a person has to agree.

  - name: temporary-files
    pattern: '^/tmp/'
    action: allow
    reason: Temporary files are the agent's own.

# Conditions look at single arguments, the agent and its task. The worse of a rule's and a policy's verdict decides.
#
# policies:
#   - name: large-payments
#     action_types: ["payment.*"]
#     condition: "parameters.amount > 100"
#     verdict: ESCALATE
#     message: Payments above 100 need a person.
#
# Limits hold as soon as one of these keys is there, each with its default.
#
# rate_limits: {default: 60/min}
# budget: {per_task: 5.00, per_agent_per_run: 1.00}
`;
