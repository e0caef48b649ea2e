/**
 * Figures of a lesson: heatmaps in colour, laid over pictures, in grids and galleries, charts and
 * tables. Every figure is a {@link camlab.picture.Picture}, an XChart chart or {@link
 * camlab.figure.Interactive}.
 */
package camlab.figure;
