/**
 * Seeded pictures of animals with their ground truth: what is drawn, where, and which pixels show
 * it.
 *
 * <p>The same seed draws the same pixels everywhere: random numbers come from one documented
 * generator, transcendental functions from {@link StrictMath}, and shapes from Java2D's own
 * rasteriser; there is no text, no image scaling and no native filter.
 */
package camlab.drawing;
