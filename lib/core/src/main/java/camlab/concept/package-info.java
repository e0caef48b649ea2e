/**
 * What the channels of a layer stand for: concepts that its activations are made of, concepts that
 * pictures tell, and pictures that please a channel.
 */
package camlab.concept;
