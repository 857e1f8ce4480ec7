/** Whether `--quick` asks for short runs, to see that everything works; figures of such a run count for nothing. */
export const isQuick = process.argv.includes('--quick')
