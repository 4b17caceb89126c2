/** A line of a program must not be a command to the runner (docs.github.com, "Workflow commands"). */
export const harmlessLine = (line: string): string => (/^\s*(?:::|##\[)/.test(line) ? `| ${line}` : line);
