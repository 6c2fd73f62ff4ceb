/* Members: several networks of one shape in one, with parameters of their own, trained side by side on the same batches. What
 * they predict together is the mean of their outputs.
 *
 * In the flat vector lie what is trained of member 0, of member 1, …, then their statistics in the same order. Layers and
 * stages of the whole network have the offsets of member 0; its tensors are those of all, "members.1.layers.0.weight". Each
 * member has draws of its own for dropout. */
#ifndef NN_MEMBERS_H
#define NN_MEMBERS_H

#include "nn/network.h"

/* Member m of a network as a network of its own, for a flat vector that begins at network_member_offset of the whole: a copy
 * that shares nothing with it. Released with network_clear. */
percept_status network_member(const Network *network, size_t m, Network *out, percept_error *error);

/* Where what is trained of member m begins in the flat vector, and in gradients. */
static inline size_t network_member_offset(const Network *network, size_t m)
{
    return m * (network->parameter_count / network->members);
}

/* A network of the same shape with `members` members: what networks that were trained apart become together. Released with
 * network_clear. */
percept_status network_with_members(const Network *network, size_t members, Network *out, percept_error *error);

/* Copies member `from` of a network's values to member `to` of another one of the same shape; `size`: bytes of a value. */
void network_copy_member(const Network *network, const void *values, size_t from, const Network *other,
                         void *other_values, size_t to, size_t size);

/* Calls `visit` with each member in turn, and where its part of the flat vector begins, until one fails. */
typedef percept_status MemberVisit(void *context, const Network *member, size_t offset, percept_error *error);
percept_status network_each_member(const Network *network, MemberVisit *visit, void *context, percept_error *error);

/* For network_create: makes of a network with one member one with `members`. */
percept_status network_add_members(Network *network, size_t members, percept_error *error);

#endif
