/* Kinds rows and records: tables that Python wrote, read back for CSV. Records follow segment, region
   and source. */
(() => {
  const { tables, kind } = Onefunnel;
  kind("rows", {
    isTable: true, isWritten: true,
    table: (context) => tables.written(context.section.querySelector(".table")),
  });

  /* Shows the records of what was chosen; true when there are any. */
  function chooseRecords({ section, chosen }) {
    let isAny = false;
    for (const line of section.querySelectorAll("tbody tr")) {
      line.hidden = !Onefunnel.PLACES.every((name) => (
        (chosen[name] || "all") === "all" || line.dataset[name] === chosen[name]));
      isAny = isAny || !line.hidden;
    }
    return isAny;
  }

  kind("records", {
    isTable: true, isWritten: true, isAny: chooseRecords,
    none: () => "Nothing waits here for this choice.",
    table: (context) => tables.written(context.section.querySelector(".table")),
  });
})();
