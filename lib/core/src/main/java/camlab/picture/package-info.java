/**
 * Pictures as a network sees them: read from files, resized and cropped as torchvision does, and
 * turned into the numbers that go in.
 */
package camlab.picture;
