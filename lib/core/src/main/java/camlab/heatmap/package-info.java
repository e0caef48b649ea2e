/** What a method returns: immutable maps of plain numbers, with where they come from. */
package camlab.heatmap;
