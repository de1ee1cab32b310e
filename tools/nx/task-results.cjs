const fs = require('node:fs');

/**
 * An Nx plugin with one hook: when TASK_RESULTS_FILE is set, the end of a run leaves there how every task ended,
 * cached, failed and skipped ones included. `npm test` counts them (`tools/src/run-tests`).
 */
module.exports = {
  name: 'task-results',
  postTasksExecution(_options, { taskResults }) {
    const file = process.env.TASK_RESULTS_FILE;
    if (!file) return;
    const results = Object.values(taskResults).map(({ task, status }) => ({
      project: task.target.project,
      target: task.target.target,
      status,
    }));
    fs.writeFileSync(file, JSON.stringify(results));
  },
};
