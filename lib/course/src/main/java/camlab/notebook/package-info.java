/** What a notebook's cell calls: show a figure or a table, check a claim. */
package camlab.notebook;
