/* Made by random_vectors.py with NumPy 2.4.6; don't edit. Floats are given by their bits. A field that is no array
 * is the FNV-1a hash of the sequence in its comment; r is fresh for each. */
#ifndef TEST_RANDOM_VECTORS_H
#define TEST_RANDOM_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/* r = np.random.default_rng(seed) */
typedef struct DefaultVector {
    uint64_t seed, state[2], increment[2]; /* r.bit_generator.state, low words first */
    uint64_t unit[3];                      /* r.random(3) */
    uint64_t normal[3];                    /* r.normal(size=3) */
    uint64_t units;                        /* r.random(2000) */
    uint64_t uniforms;                     /* r.uniform(-0.3, 0.4, 1001) */
    uint64_t normals;                      /* r.normal(2.5, 0.1, 5001) */
    uint64_t digits;                       /* r.integers(-4, 6, 1001) */
    uint64_t rejected32;                   /* r.integers(0, 3 * 2**30, 1001) */
    uint64_t last32;                       /* r.integers(0, 2**32 - 1, 1001) */
    uint64_t all32;                        /* r.integers(0, 2**32, 1001) */
    uint64_t first64;                      /* r.integers(0, 2**32 + 1, 1001) */
    uint64_t rejected64;                   /* r.integers(0, 3 * 2**61, 1001) */
    uint64_t widest;                       /* r.integers(-2**63, 2**63 - 1, 1001) */
    uint64_t singles;                      /* [r.integers(k) for k in range(1, 501)] */
    uint64_t rejected31;                   /* r.integers(0, 3 * 2**29, 1001) */
    uint64_t powers;                       /* [r.integers(2**k) for _ in range(20) for k in range(64)] */
    uint64_t permutation;                  /* r.permutation(1797) */
    uint64_t shuffled;                     /* x = np.arange(60000); r.shuffle(x); r.shuffle(x) */
    uint64_t advanced;                     /* r.integers(7), r.bit_generator.advance(k), r.integers(7) for each k */
    /* 100 times: r.integers(7), r.random(), r.normal(), r.integers(7), r.integers(2**40), r.integers(1),
     * r.permutation(5), r.uniform(-1, 1), r.integers(2**32) */
    uint64_t mixture;
} DefaultVector;

static const DefaultVector default_vectors[] = {
    {0ULL,
     {0x09585eb7a69561e3, 0x1aa1b5345996452d},
     {0x588133bc447873a9, 0x418ddadb3af71a82},
     {0x3fe461fd79fb3850, 0x3fd1442f7e20b674, 0x3fa4fa7b529d9bd0},
     {0x3fc017ed89db8441, 0xbfc0e8cfe9bd45cc, 0x3fe47e57a468b06d},
     0x19748b62bc56bb5e,
     0xc5eb4ebab60e673f,
     0xe730e56d5fdbc210,
     0x10858d8d4583b868,
     0x672bf3f8c727430b,
     0x5d1d1fb1ae6b904e,
     0xab0bd7b40a7e286a,
     0x149cbbeefe398953,
     0x828e7746dadecfe8,
     0xc5eaf11cf89bcbec,
     0x670ac25f48fa8822,
     0x32f017e2a77bf225,
     0x15624cc0124a4190,
     0x16b24ec8affb75fc,
     0x34a27b06e47c2d11,
     0xf12be16182350885,
     0x726636dcefc6c74b},
    {1ULL,
     {0x2a6e7d6f320fbc7e, 0x9c5b484bfedb756c},
     {0xa19857b95740937b, 0x922af2da2645f895},
     {0x3fe060d7be6f245c, 0x3fee6a32d7782a55, 0x3fc273d27b04760c},
     {0x3fd61e0d28bbb3a1, 0x3fea4ab22204681f, 0x3fd525e18ce5fc0a},
     0xca04d449112a833b,
     0x067d3cdaac1d4ab8,
     0xe8c2179c7153ea24,
     0xee433fd79dbf8bb9,
     0x35904335bf400068,
     0x58a1a1669e8cd6d1,
     0xb94514cc400681d5,
     0x410e34d014f2434f,
     0x1df9ba110f9876da,
     0x8e3cf299cc680f83,
     0x9e343269752f7559,
     0xb83215efce742137,
     0xdc407f0d0dff1def,
     0x90d559ebd692bf90,
     0x70dfcf79beff098d,
     0x4a65cc8dea636447,
     0x775a4477788bc02e},
    {3ULL,
     {0xa7f7267aef605897, 0xf38b68fdd16b0f8d},
     {0x2ed88b8bc66abe1f, 0xa7043c160277735a},
     {0x3fb5ed1a93cfbec0, 0x3fce4fce8296f7e8, 0x3fe9a40a58e5cdbd},
     {0x400053cd67810b16, 0xc0047200820833aa, 0x3fdac221aa4baeaf},
     0x55101b6ebc4e9548,
     0x8259ebe59e1b1ef4,
     0xf6cdee6ab9d54575,
     0x08d9f86eca454494,
     0xc951347c37744be9,
     0xcdd333b73d2aacfd,
     0x092e2ac8f8f5ad5f,
     0x04417bd8e4707333,
     0x20ed2be9ede05892,
     0x20fe6d956c2935da,
     0x28def2bd1568ab61,
     0xdbce90fcf11e03e6,
     0xcca0829a7d39ecf2,
     0xfe19444b983c424c,
     0xac56777a105c6ae5,
     0x22a916a3113d8645,
     0xde5d19bcfcc8abda},
    {29ULL,
     {0x21e03628e3b07db2, 0xd0a383f7ad75649a},
     {0x1763ff50afe0bd79, 0xf42f9d08cd5f3fbf},
     {0x3fa99fc1a9de84e0, 0x3fe033cad2333291, 0x3fe09d90af075b64},
     {0xbfd914653ed76e06, 0x3fa98f2ab7e45474, 0xbfc524f38b9e1dee},
     0x30e55c4d9197c3be,
     0xd8cd096cc79743bd,
     0x40d25b222b763992,
     0x8e219a6cbae69379,
     0xc848355d1d769beb,
     0x6b1fe4fd359d1ced,
     0xe24157fe8d1d03fa,
     0xd3cf1b2ec33a548e,
     0x12495e3f1923e9ee,
     0x865d0f45d2a10835,
     0x81be54030242421d,
     0x27a5f569916d4e68,
     0x1ecc4eb245f40902,
     0xee372a20ba0b9d9c,
     0xb89302ae975e0a55,
     0xe3b4d1a108c072e3,
     0x2566c71a36ef1732},
    {12345ULL,
     {0x9199b0d09775add5, 0x1905e0335aae9634},
     {0x7d761f2d4027fae7, 0xc9c7353e6e2b1f28},
     {0x3fcd1958c6d97fe0, 0x3fd445c4c5727930, 0x3fe984049046889d},
     {0xbff6c7fcc2ecc744, 0x3ff4383b54eb0649, 0xbfebdc76014d359e},
     0x7602ecb19b24acd9,
     0x983a2aa5cd6191fd,
     0xd0b43d087e9859e0,
     0x24a6799f13d098a2,
     0x24893a3acb361ebb,
     0x9f752b112da2cf96,
     0x17eab5e2173575b1,
     0xd3d13eb68d8dba56,
     0x871168d7e656f2d9,
     0x4137c1a7f465d90e,
     0xbc19b578bfe4e4e9,
     0xad2c1f4a0de027ef,
     0x23cc244fdb078348,
     0x191532b661f9dfac,
     0x4c5113416b9cfb59,
     0x34694065433027a0,
     0xbc9c4026db17983a},
    {4294967301ULL,
     {0xece8058fe085a345, 0x2931d0c6dbee79bf},
     {0xbdd751b35ac873c3, 0x271168ffcdb9ee72},
     {0x3fe8c647d8643bd7, 0x3fde20520871ce80, 0x3fe644a6db1c1d82},
     {0x3fdb4441f9f30526, 0xbff30fc7606e46a8, 0xbff260f009857707},
     0x34403f53db6cb031,
     0x9e56d503052250ec,
     0xaebd65bee0aa2dab,
     0x92a820c12c6cc7f0,
     0xb94df4860d526755,
     0xaf31fbfa3cac22da,
     0x1a24ff352cb367ac,
     0x011ad02ca5bed890,
     0x3c3694280a85c169,
     0xa8f1bb26b8fe92a3,
     0xfae165bbb4e840c3,
     0xe9fa0c30cda3cb70,
     0xd3cd64ca6acbb06a,
     0xa8befc7bfcbd8558,
     0xf5da1a726bc26e4d,
     0xf7f0a42db8262de5,
     0x4f2228ae3b92c072},
    {18446744073709551615ULL,
     {0x4d8b0a3b048acdb0, 0xddc419442aebde79},
     {0x4ed623c7d18951ed, 0x37762aacb3cc854f},
     {0x3fe5c2c74f5188ea, 0x3feb0ccb3ebe6704, 0x3f7e52b195bc2d00},
     {0x3fe715303191d87b, 0xbfef10c32096a2bd, 0x3fb1b8d40660f8bf},
     0x2009d0ffa9e44ad8,
     0xe0c3b5abeb69e857,
     0xd82bbcee2c22f588,
     0x5f0f10e909b1c995,
     0x966f6f6c102cf21d,
     0xd2676cff9f954596,
     0xf5f90389536fe53c,
     0x60058b61bd067ccb,
     0x8e5db7a69d3a8d7e,
     0x34c909f17989e8a0,
     0x4fb5464bb5daef7d,
     0x9b223d627310ad04,
     0x40b17880969304e4,
     0x05b43752c2942e58,
     0xe86e0121bb16d975,
     0xc6de19086c0c9b47,
     0xb19c17635ad3c512},
};

/* r = np.random.default_rng(np.random.SeedSequence(seed).spawn(child + 1)[child]) */
typedef struct ChildVector {
    uint64_t seed;
    uint32_t child;
    uint64_t unit[3]; /* r.random(3) */
} ChildVector;

static const ChildVector child_vectors[] = {
    {0ULL, 0, {0x3fee2c8b5ff9abee, 0x3fd43ede2f0059d4, 0x3fe71d6e34584992}},
    {0ULL, 1, {0x3fe5ab98be352f88, 0x3fcf1a30952d2850, 0x3fe39391ab428710}},
    {12345ULL, 0, {0x3febd707d48730c8, 0x3fe1f2be79184f26, 0x3fcc5c3d546ca690}},
    {12345ULL, 2, {0x3fc21767aca026c8, 0x3fcb078da5971fe0, 0x3fb622c7561e84a0}},
    {4294967301ULL, 1, {0x3fea1723c0895086, 0x3fc716b5db413cd8, 0x3febbae91631e7f4}},
    {18446744073709551615ULL, 7, {0x3fd0479db6b56438, 0x3fce06de5e31351c, 0x3fd20cbd84b8090c}},
};

/* r = np.random.RandomState(seed) */
typedef struct LegacyVector {
    uint64_t seed;
    uint64_t unit[3];     /* r.random_sample(3) */
    uint64_t normal[3];   /* r.normal(size=3) */
    uint64_t units;       /* r.random_sample(2000) */
    uint64_t uniforms;    /* r.uniform(-0.3, 0.4, 1001) */
    uint64_t normals;     /* r.normal(2.5, 0.1, 5001) */
    uint64_t rejected32;  /* [r.randint(2**31 + 1) for _ in range(1001)] */
    uint64_t rejected64;  /* [r.randint(2**62 + 1) for _ in range(1001)] */
    uint64_t singles;     /* [r.randint(k) for k in range(1, 501)] */
    uint64_t permutation; /* r.permutation(1797) */
    uint64_t shuffled;    /* x = np.arange(60000); r.shuffle(x); r.shuffle(x) */
    /* 100 times: r.normal(), r.randint(7), r.random_sample(), r.normal(), r.permutation(5), r.uniform(-1, 1),
     * r.randint(2**40), r.randint(1), r.normal() */
    uint64_t mixture;
} LegacyVector;

static const LegacyVector legacy_vectors[] = {
    {0ULL,
     {0x3fe18fe1565f12a8, 0x3fe6e2d4cf608733, 0x3fe349d66b6e894b},
     {0x3ffc398ef3e5cfa5, 0x3fd99c2cfacc8953, 0x3fef51d25222c9ab},
     0x4f1fc25ca091f8f3,
     0xaf3c2a8f35375fc5,
     0xdea761483c8c11a8,
     0x574107910800acaa,
     0xcea5f4e982a92a98,
     0x413db17142279863,
     0xa3fb4b7c9b0ba384,
     0xcb31213e9d6d7741,
     0x5a5629b46b6534f4},
    {2ULL,
     {0x3fdbe757297b0c50, 0x3f9a8c67f73cbb20, 0x3fe196d5c3ca79e4},
     {0xbfdaac291b3d4d7e, 0xbfaccf016d92d330, 0xc00116edfa85e943},
     0x690b2e83434e1eab,
     0xdf82f8533168fdb8,
     0x9d1c993ce8c8fd33,
     0x9661507648a4b1c7,
     0x16f004761cb146a0,
     0x4e3ccffebc9e7cdd,
     0x2a0fd8ff710e1660,
     0x25ffefa3466ce885,
     0xefc59dd3c5405074},
    {3ULL,
     {0x3fe1a022ec486c1a, 0x3fe6a9259f5c1b9a, 0x3fd29e2ee8f87b1e},
     {0x3ffc9e38e3e13df2, 0x3fdbefc703152c8a, 0x3fb8b40edd841de6},
     0x44b7a505d88ab22f,
     0xef9e1c396c75401f,
     0xc21a5934fea7dd8e,
     0x5e8b43c39443576a,
     0xe14fc52a96a8ca7a,
     0x95623e8f4739d822,
     0xe6c0528f8fd6c9e8,
     0xcf4e5e3c01003681,
     0xfabf4f0d087f7a20},
    {29ULL,
     {0x3feba3ebfb33bdf5, 0x3fd23be63ac5a14e, 0x3fb2c0ee3f0af060},
     {0xbfdab806f3c9204d, 0x3fe697d09f5ce3bd, 0x3ffea7df934fb257},
     0x6bfc9cc8e6df3ac1,
     0x3d0f4b9f675111d2,
     0x2dcbfcbaefb70268,
     0x74ea6fb87f120a19,
     0x56257fceba758651,
     0x48da6fb7f651d649,
     0x064db44f8f1b6eb0,
     0x5893d4bfb1dc9d79,
     0xca5e838ffd54c16c},
    {12345ULL,
     {0x3fedbf6a3f8f84b7, 0x3fd43f7f410bb044, 0x3fc78aa6d0a2dad8},
     {0xbfca33dc4f5d203d, 0x3fdea701f566080f, 0xbfe09f3df0ae3d0e},
     0x2106e34a09b6ac90,
     0x80c29ec79a653892,
     0xa88d5e838a4a4f0e,
     0x6caf07dfc383f1ee,
     0x579fc00345b74dba,
     0x7040e77ecbc588fc,
     0x2d1280133aac9b00,
     0xa8dd17a2354852cd,
     0x6554284e3f31d523},
    {4294967295ULL,
     {0x3fb8fe69a3924820, 0x3fed323d824032b1, 0x3fe93fc6f61af3f9},
     {0x3fe4bfc38c486d8a, 0x3fe56b192e507eee, 0xbff149e836f192fd},
     0xb6ba2f7f0cd0bee2,
     0x78ca4cfd5728a887,
     0x55274d4028837be9,
     0xe690581d9fbd8344,
     0x802347117bbaca42,
     0xc1f539f5d2d110d7,
     0x5741fdabe8a35cdc,
     0xf5cffd719dd9462d,
     0xf56efc666b3fb81e},
};

/* One draw r.normal() of r = np.random.default_rng(12345) for each path through the ziggurat */
typedef struct ZigguratVector {
    size_t index;   /* draws before it */
    int words;      /* 64-bit words that it takes */
    uint64_t value; /* its bits */
} ZigguratVector;

static const ZigguratVector ziggurat_vectors[] = {
    {0, 1, 0xbff6c7fcc2ecc744},     /* the rectangle: -1.4238250364546312 */
    {161, 3, 0xbfec4478fc6e985a},   /* a wedge refused, then another layer: -0.8833584719002474 */
    {382, 2, 0x3fb219955a760250},   /* the wedge: 0.07070287188072055 */
    {1846, 3, 0x400dc4ceede8c71a},  /* the tail, right: 3.7210978113806847 */
    {13185, 3, 0xc00e9339b0021e87}, /* the tail, left: -3.8218873739859336 */
    {39571, 5, 0xc0104b50ca4e76ee}, /* the tail at its second attempt: -4.07355037788305 */
};

#endif
