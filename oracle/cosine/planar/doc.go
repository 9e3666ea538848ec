// Package planar judges containment for the InfoNCE loss of cosines of mixtures whose Fisher subspace is a plane.
package planar
