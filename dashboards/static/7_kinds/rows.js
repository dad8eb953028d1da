/* Kind rows: a table that Python wrote; it is read back for CSV. */
(() => {
  const { tables, kind } = Onefunnel;
  kind("rows", {
    isTable: true, isWritten: true,
    table: (context) => tables.written(context.section.querySelector(".table")),
  });
})();
