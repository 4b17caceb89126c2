/** Packages that offer ES modules alone are found too; the transform turns them into CommonJS. */
module.exports = (path, options) => {
  try {
    return options.defaultResolver(path, options);
  } catch (error) {
    try {
      return options.defaultResolver(path, { ...options, conditions: ['node', 'import', 'default'] });
    } catch {
      throw error;
    }
  }
};
