/** What the lessons share: the shipped pictures and networks, or the reader's own. */
package camlab.course;
