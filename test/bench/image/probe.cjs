/** Peak memory (VmHWM, proc_pid_status(5)) and bytes written to disks (write_bytes, proc_pid_io(5)) of this process. */
const { readFileSync, writeFileSync } = require('node:fs');

const numberIn = (path, pattern) => Number(pattern.exec(readFileSync(path, 'utf8'))[1]);

process.on('exit', () => {
  const peakMemoryBytes = numberIn('/proc/self/status', /^VmHWM:\s+(\d+) kB/m) * 1024;
  const diskBytes = numberIn('/proc/self/io', /^write_bytes: (\d+)/m);
  writeFileSync(process.env.MODELPIER_BENCH_PROBE, JSON.stringify({ peakMemoryBytes, diskBytes }));
});
