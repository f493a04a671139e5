# `cmake --install` exports the libraries that other programs use: find_package(feedline), target feedline::loader.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/feedline)
set(package_libraries common device metrics batch data ring pipeline loader)
foreach(name IN LISTS package_libraries)
  set_target_properties(feedline_${name} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS feedline_${name} EXPORT feedline ARCHIVE COMPONENT development)
endforeach()
install(TARGETS feedline_options EXPORT feedline)
install(EXPORT feedline NAMESPACE feedline:: FILE feedlineTargets.cmake DESTINATION ${package_folder} COMPONENT development)

set(package_headers common device metrics batch data pipeline loader)
foreach(folder IN LISTS package_headers)
  install(DIRECTORY include/feedline/${folder} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/feedline COMPONENT development)
endforeach()
install(FILES include/feedline/loader.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/feedline COMPONENT development)
foreach(name batch_lease channel channel_control local memory_file resender ring_control shm slot_ring transport_kind)
  install(FILES include/feedline/transport/${name}.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/feedline/transport
    COMPONENT development)
endforeach()

configure_package_config_file(cmake/feedlineConfig.cmake.in ${CMAKE_BINARY_DIR}/feedlineConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/feedlineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/feedlineConfig.cmake ${CMAKE_BINARY_DIR}/feedlineConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT development)
